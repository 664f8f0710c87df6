"""Static files under names that change with their content."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedAssets(CompressedManifestStaticFilesStorage):
    """A script names the scripts it imports by their hashed names too: after a release, none meets one of before."""

    support_js_module_import_aggregation = True
