# The text helpers, as C calls them.
shk_unit(helper)
shk_unit(helper_date)
shk_unit(member)
shk_unit(pattern)
