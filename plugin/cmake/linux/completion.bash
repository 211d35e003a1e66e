# bash completion for shikaku(1). The list below is compared with the console's own tables by a test.
# Each line: the command, what its operand is, its options. Behind "=" stands what an option takes: file, dir,
# key, words with a bar between, or nothing that could be completed.
_shikaku_list='
* | none | --library=file --config=file --set=key --timeout= --lang=ja|en --json --quiet --help -h --version
readers | none | --quick
check | none | --pin-fd= --last-try --secret-fd= --show-document --match=later|skip|new|patient:|ask
watch | none | --pin-fd= --last-try --secret-fd= --show-document --match=later|skip|new|patient:|ask
import | file | --from=auto|app|oqs --show-document --match=later|skip|new|patient:|ask
query | none | --insurer= --symbol= --number= --branch= --birth= --query-date= --limit-consent=1 --identifier= --secret-fd= --show-document --match=later|skip|new|patient:|ask
register | none | --insurer= --symbol= --number= --branch= --birth= --reference= --secret-fd=
bulk | file | --columns=file --out=dir --kind=check|register --date= --secret-fd=
person | none | --code-fd= --pin-fd= --last-try --show-document --match=later|skip|new|patient:|ask
map | file | --pack=dir --script=file --overlay=file --from=auto|app|oqs --out=file --force --out-dir=dir --diff=file --explain
pack | none |
pack list | dir |
pack check | dir |
pack test | dir |
pack show | dir |
pack new | file | --out=dir --id= --vendor= --host=
pack sign | dir | --key=file --secret-fd=
outbox | none |
outbox list | none |
outbox deliver | id | --show-document --match=later|skip|new|patient:|ask
outbox ask | id | --show-document --match=later|skip|new|patient:|ask
outbox drop | id | --yes
history | none | --from= --to= --patient= --limit=
history list | none | --from= --to= --patient= --limit=
history verify | none |
history export | file | --from= --to= --patient=
store | none |
store show | none |
store purge | none |
store rotate | none |
store export-key | file |
store import-key | file |
'
# Keys of the configuration, for --set.
_shikaku_keys='
route
institution_code
card
reader
apdu.extended
apdu.short_ids
apdu.short_sign
apdu.timeout_ms
token.phone
token.p384
token.warn_days
pin_pad
attributes
reader_list
card_timeout_ms
pin_timeout_ms
text_encoding
pcsc_library
gateway.url
gateway.ca_file
gateway.client_cert
gateway.client_key
gateway.client_secret
gateway.pin
gateway.proxy
gateway.proxy_user
gateway.proxy_password
gateway.proxy_environment
gateway.connect_ms
gateway.timeout_ms
gateway.bulk_timeout_ms
gateway.clock_tolerance_s
folder.root
folder.req
folder.res
folder.face
folder.encoding
folder.identifier
folder.state
folder.timeout_ms
folder.renew_min
folder.poll_ms
folder.stable_ms
folder.results
folder.face_start
folder.face_after
app.source
app.file
app.clear_clipboard
app.words
oqs.character_code
query.check_digit
bulk.batch
demo.folder
demo.pin
deliveries[1].script
deliveries[1].pack
deliveries[1].overlay
deliveries[1].adapter
deliveries[1].when
deliveries[1].folder
deliveries[1].mode
deliveries[1].file
deliveries[1].name_by
deliveries[1].lock_file
deliveries[1].lock_wait_ms
deliveries[1].end_file
deliveries[1].write_as
deliveries[1].url
deliveries[1].find_url
deliveries[1].method
deliveries[1].user
deliveries[1].password
deliveries[1].ca_file
deliveries[1].client_cert
deliveries[1].client_key
deliveries[1].client_secret
deliveries[1].timeout_ms
deliveries[1].plain
deliveries[1].header
deliveries[1].api_prefix
deliveries[1].karte_uid
deliveries[1].new_patient
deliveries[1].update
deliveries[1].first_insurance
deliveries[1].old_insurance
deliveries[1].check_date
deliveries[1].person
deliveries[1].branch
deliveries[1].given_name
deliveries[1].questions
deliveries[1].dsn
deliveries[1].connection
deliveries[1].library
deliveries[1].id_table
deliveries[1].make_id_table
deliveries[1].wide
deliveries[1].options
deliveries[1].repeat
deliveries[1].patients
deliveries[1].patients_columns
deliver.timeout_ms
adapters.folder
match.when
match.ask
match.timeout_ms
store.kind
store.folder
store.key_file
store.connection
store.library
store.machine
store.keep_days
store.busy_ms
store.down_ms
outbox.retry_s
outbox.lease_s
pack.unsigned
pack.keys
script.steps
script.memory_kb
script.wall_ms
log.file
log.level
'

# The part of the list that is asked for: _shikaku_part COMMAND 2 its operand, 3 its options.
_shikaku_part() {
    local command operand options
    while IFS='|' read -r command operand options; do
        [[ ${command% } == "$1" ]] || continue
        operand=${operand# }
        if [[ $2 == 2 ]]; then printf '%s' "${operand% }"; else printf '%s' "$options"; fi
    done <<<"$_shikaku_list"
}

# The words that may follow a command's own: of "" the commands, of "pack" what it does.
_shikaku_commands() {
    local command rest
    while IFS='|' read -r command rest; do
        command=${command% }
        if [[ -z $1 && $command != *' '* && $command != '*' ]]; then
            printf '%s\n' "$command"
        elif [[ -n $1 && $command == "$1 "* ]]; then
            printf '%s\n' "${command#"$1 "}"
        fi
    done <<<"$_shikaku_list"
}

# Completes the word $2 with what $1 says.
_shikaku_value() {
    local IFS=$'\n'
    case $1 in
    file) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
    dir) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
    key) mapfile -t COMPREPLY < <(compgen -S = -W "$_shikaku_keys" -- "$2") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "${1//|/$'\n'}" -- "$2") ;;
    esac
    case $1 in
    file | dir) compopt -o filenames 2>/dev/null || : ;;
    key | *:*) compopt -o nospace 2>/dev/null || : ;;
    esac
    return 0
}

# What the option $1 of the command $2 takes; false when it takes nothing.
_shikaku_takes() {
    local option found=1
    for option in $(_shikaku_part '*' 3) $(_shikaku_part "$2" 3); do
        if [[ $option == "$1="* ]]; then
            takes=${option#*=}
            found=0
        fi
    done
    return $found
}

# The commands before the cursor, without options and what they take.
_shikaku_command() {
    local i word known takes
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -* ]]; then
            if _shikaku_takes "$word" "$command" && [[ ${COMP_WORDS[i + 1]} == '=' ]]; then
                i=$((i + 2))
            elif _shikaku_takes "$word" "$command"; then
                i=$((i + 1))
            fi
            continue
        fi
        known=$(_shikaku_commands "$command")
        [[ $'\n'$known$'\n' == *$'\n'$word$'\n'* ]] || return 0
        command="${command:+$command }$word"
    done
}

_shikaku() {
    local command='' takes='' words cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    COMPREPLY=()
    _shikaku_command
    # "--option=value" comes as three words.
    if [[ $cur == '=' ]]; then
        cur=''
    elif [[ $before == '=' && $COMP_CWORD -ge 2 ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    if [[ $before == -* ]] && _shikaku_takes "$before" "$command"; then
        _shikaku_value "$takes" "$cur"
    elif [[ $cur == -* ]]; then
        for words in $(_shikaku_part '*' 3) $(_shikaku_part "$command" 3); do
            [[ ${words%%=*} != "$cur"* ]] || COMPREPLY+=("${words%%=*}")
        done
    else
        words=$(_shikaku_commands "$command")
        if [[ -n $words ]]; then
            mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
        else
            words=$(_shikaku_part "$command" 2)
            [[ $words != file && $words != dir ]] || _shikaku_value "$words" "$cur"
        fi
    fi
} && complete -F _shikaku shikaku
