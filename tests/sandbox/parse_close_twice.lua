-- Two variables to be closed at once => SHK_E_SCRIPT_SYNTAX
local a <close>, b <close> = nil, nil return {}
