"""What the meetings add to the pages of a sheet."""

from actions.sheet_pages import TABS, Tab

TABS.add(Tab("isic", "Instance ISIC", "meetings:passages"))
