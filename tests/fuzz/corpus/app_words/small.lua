return { headings = { ['新しい見出し'] = { section = '限度額適用認定証', record = '医療保険' } },
 keys = { ['限度額適用認定証'] = { ['区分'] = 'limit.category' } },
 values = { sex = { ['女'] = '' } },
 dates = { 'Y|M|D' }, beginnings = { 'x' }, ignored = { '新' } }
