import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch, reverse

from isic.lib.addresses import fixed

FIXED = '{% url "catalogue:list" %}'


def rendered(source: str, **context) -> str:
    return Template(source).render(Context(context))


def test_address_is_that_of_the_view():
    assert rendered(FIXED) == reverse("catalogue:list") == "/actions/"


def test_address_goes_into_a_variable():
    assert rendered('{% url "catalogue:list" as href %}({{ href }})') == "(/actions/)"


def test_address_without_argument_is_looked_up_once():
    fixed.cache_clear()
    rendered(3 * FIXED)

    assert fixed.cache_info().misses == 1
    assert fixed.cache_info().hits == 2


@pytest.mark.parametrize("source", ['{% url "catalogue:sheet" slug %}', "{% url name slug=slug %}"])
def test_address_with_an_argument_is_that_of_its_value(source):
    assert [rendered(source, name="catalogue:sheet", slug=slug) for slug in ("a", "b")] == [
        "/actions/a/",
        "/actions/b/",
    ]


def test_address_whose_name_is_a_variable_follows_it():
    source = "{% url name %}"
    assert [rendered(source, name=name) for name in ("catalogue:home", "contact")] == ["/", "/contact/"]


def test_unknown_name_raises_but_into_a_variable_as_in_django():
    with pytest.raises(NoReverseMatch):
        rendered('{% url "nulle-part" %}')
    assert rendered('{% url "nulle-part" as href %}({{ href }})') == "()"
