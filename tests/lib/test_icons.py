from django.template import Context, Template

from isic.lib.icons import icon, symbol


def rendered(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_icon_is_a_hidden_drawing_of_the_pictogram():
    assert rendered('{% icon "ui-add" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/img/pictograms.svg#ui-add"/></svg>'
    )


def test_icon_takes_other_classes():
    assert '<svg class="icon icon--l deck__back" ' in rendered('{% icon "ui-add" "icon--l" "deck__back" %}')


def test_icon_takes_its_name_from_a_variable():
    assert '#domain-family"' in rendered('{% icon "domain-"|add:key %}', key="family")


def test_icon_escapes_its_name():
    assert "<script>" not in rendered("{% icon name %}", name='x"/><script>')


def test_icon_in_python_is_that_of_a_page():
    assert icon("ui-add", "icon--l") == rendered('{% icon "ui-add" "icon--l" %}')
    assert symbol("ui-add") in icon("ui-add")
