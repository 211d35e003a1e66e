# The table of fields, derived values, forms for comparing.
shk_unit(fields_table)
shk_unit(derive)
shk_unit(known)
shk_unit(record_outcome)
shk_unit(record_quirks)
shk_unit(fold)
shk_unit(compare)
