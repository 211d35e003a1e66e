--! A hundred thousand lines before the mistake => SHK_E_SCRIPT_SYNTAX:100001
@<100000:\x0A>return }
