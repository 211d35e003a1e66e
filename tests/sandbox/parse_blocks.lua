-- Blocks 15,000 deep => SHK_E_SCRIPT_SYNTAX
@<15000:do >@<15000:end >
