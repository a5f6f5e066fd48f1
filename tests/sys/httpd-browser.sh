#!/bin/sh
# SPDX-License-Identifier: ISC
#
# httpd-browser - directory pages in Chromium: every link of a page with odd
# names leads to its file, columns sort, icons load, 5,000 entries are all
# there, nothing is cut off in a narrow window, and a dark screen gets a dark
# page.  A page of our own does the looking, inside the browser.  Screenshots
# are kept in $SHOTS when that is set.
. tests/sys/lib.sh
private
need chromium curl python3

R=$W/html
mkdir -p "$R/mix/Server Packages" "$R/many" "$R/plain" "$W/icons" "$W/logs"
chmod 755 "$W"
python3 - "$R" "$W/icons" <<'P'
import base64, os, sys
root, icons = sys.argv[1:]
for d in 'mix', 'plain':
    for name in ('CentOS-7 x86_64 Everything.iso', 'Übersicht der Pakete.txt', '日本語 リリースノート.html',
                 'Ελληνικά.tar.gz', '100% legal & <b>safe<.txt', 'a\'b"c#d?e.txt', 'libstdc++-4.8.5.rpm', '~x;y=z:w@v,u!$(1)*.cfg',
                 'back\\slash', ' leading', 'two  blanks', '-dash', '%41', '&amp;', 'vmlinuz', 'k' * 120 + '.rpm'):
        with open('%s/%s/%s' % (root, d, name), 'w') as f: f.write('content of ' + name)
for i in range(5000): open('%s/many/package %04d-1.0.rpm' % (root, i), 'w').close()
gif = base64.b64decode('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7')
for name in 'blank', 'folder', 'back', 'unknown', 'text': open('%s/%s.gif' % (icons, name), 'wb').write(gif)
P
# what the browser is asked to find out; the answer is text in the page
cat >"$R/look.html" <<'H'
<!DOCTYPE html><meta charset="utf-8"><title>look</title><pre id="out">unfinished</pre><script>
const bad = [];
const frame = (url, width) => new Promise(done => {
	const f = document.createElement('iframe');
	f.style.cssText = `border:0;height:600px;width:${width}px`;
	f.onload = () => done(f.contentDocument);
	f.src = url;
	document.body.appendChild(f);
});
const files = d => [...d.querySelectorAll('a')].filter(a => !a.getAttribute('href').startsWith('?') && a.textContent.trim() != 'Parent Directory');
async function links(url) {
	const d = await frame(url, 1000);
	let n = 0;
	for (const a of files(d)) {
		if (a.href.endsWith('/')) continue;
		const r = await fetch(a.href), text = await r.text(), name = text.replace('content of ', '');
		const shown = a.textContent.trim().replace(/\.\.>$/, '');
		if (r.status != 200 || !text.startsWith('content of ')) bad.push(`${url}: ${a.href}: ${r.status}`);
		else if (!name.trim().startsWith(shown)) bad.push(`${url}: ${name} is shown as ${a.textContent}`);
		n++;
	}
	if (n != 16) bad.push(`${url}: ${n} links`);
	if (d.querySelector('b')) bad.push(`${url}: a name became markup`);
	for (const i of d.images) if (!i.complete || i.naturalWidth == 0) bad.push(`${url}: icon ${i.src}`);
	if (d.images.length < 17) bad.push(`${url}: ${d.images.length} icons`);
}
async function sorts() {
	const d = await frame('/mix/', 1000);
	const heads = [...d.querySelectorAll('th a')];
	if (heads.map(a => a.textContent).join() != 'Name,Last modified,Size,Description') bad.push('columns');
	const up = files(await frame(heads[2].href, 1000)).map(a => a.href);
	const page = await frame(heads[2].href, 1000);
	const again = [...page.querySelectorAll('th a')][2].href;
	const down = files(await frame(again, 1000)).map(a => a.href);
	const size = async u => (await (await fetch(u)).blob()).size;
	const sizes = [];
	for (const u of up) if (!u.endsWith('/')) sizes.push(await size(u));
	if (sizes.join() != [...sizes].sort((a, b) => a - b).join()) bad.push('by size: ' + sizes);
	if (up.length != down.length || up.filter((u, i) => u == down[i]).length == up.length) bad.push('the second click does not turn it round');
}
async function many() {
	const d = await frame('/many/', 1000), all = files(d), names = all.map(a => decodeURIComponent(a.pathname));
	if (all.length != 5000 || new Set(names).size != 5000) bad.push(`${all.length} of 5000 entries`);
	if (names.join() != [...names].sort().join()) bad.push('5000 entries are not in order');
	d.defaultView.scrollTo(0, 60000);
	if (d.querySelector('th').getBoundingClientRect().top < -1) bad.push('the head of the table is out of view');
}
async function fits() {
	for (const width of [360, 420, 700]) for (const url of ['/mix/', '/plain/', '/mix/?F=0']) {
		const e = (await frame(url, width)).documentElement;
		if (e.scrollWidth > width) bad.push(`${url} needs ${e.scrollWidth} of ${width} pixels`);
	}
}
async function screen() {
	const d = await frame('/mix/', 1000), dark = matchMedia('(prefers-color-scheme:dark)').matches;
	const rgb = getComputedStyle(d.body).color.match(/\d+/g).reduce((a, b) => a + +b, 0);
	if (dark != rgb > 384) bad.push(`text ${getComputedStyle(d.body).color} when dark is ${dark}`);
	return dark ? 'dark' : 'light';
}
(async () => {
	let shade = '';
	try {
		shade = await screen(); await links('/mix/'); await links('/plain/'); await sorts(); await many(); await fits();
	} catch (e) { bad.push(String(e)); }
	document.getElementById('out').textContent = bad.length ? 'bad: ' + bad.join('; ') : 'all is well, ' + shade;
})();
</script>
H
cat >"$W/conf" <<E
ServerRoot "$W"
PidFile "$W/pid"
ServerName test
Listen 127.0.0.1:8080
DocumentRoot "$R"
ErrorLog "$W/logs/error"
TypesConfig /dev/null
AddType text/html .html
Alias /icons/ "$W/icons/"
DefaultIcon /icons/unknown.gif
AddIcon /icons/blank.gif ^^BLANKICON^^
AddIcon /icons/folder.gif ^^DIRECTORY^^
AddIcon /icons/back.gif ..
AddIcon /icons/text.gif .txt
<Directory "$W">
    Options Indexes
    IndexOptions FancyIndexing HTMLTable
    Require all granted
</Directory>
<Directory "$R/plain">
    IndexOptions -HTMLTable NameWidth=*
</Directory>
E
"$BUILD/httpd" -f "$W/conf" -DFOREGROUND >"$W/stderr" 2>&1 &
server=$!
U=http://127.0.0.1:8080
until_true 5 curl -s -o /dev/null $U/look.html || fail "does not answer: $(cat "$W/stderr")"

browser() {
	HOME=$W timeout 100 chromium --headless --no-sandbox --disable-gpu \
	    --hide-scrollbars --user-data-dir="$W/chromium" "$@" 2>"$W/browser"
}
for shade in light dark; do
	set -- --virtual-time-budget=60000 --dump-dom
	[ $shade = light ] || set -- --blink-settings=preferredColorScheme=0 "$@"
	browser "$@" $U/look.html >"$W/dom" || fail "chromium: $(tail -3 "$W/browser")"
	said=$(sed -n 's/.*<pre id="out">\(.*\)<\/pre>.*/\1/p' "$W/dom")
	[ "$said" = "all is well, $shade" ] || fail "$shade: ${said:-no answer}"
	pass "$shade: links, icons, sorting, 5000 entries, narrow windows"
done

# pictures for a person to look at
if [ -n "${SHOTS-}" ]; then
	for name in mix plain many; do
		browser --window-size=1100,800 --screenshot="$SHOTS/$name.png" $U/$name/
		browser --window-size=420,800 --screenshot="$SHOTS/$name-narrow.png" $U/$name/
		browser --window-size=1100,800 --blink-settings=preferredColorScheme=0 \
		    --screenshot="$SHOTS/$name-dark.png" $U/$name/
	done
	pass "screenshots in $SHOTS"
fi
kill $server
wait $server || fail "exit status $?"
