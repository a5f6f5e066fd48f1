# SPDX-License-Identifier: ISC
#
# tidy.awk - the rules about text, over every C file of the tree.
#
# Prints FILE:LINE: rule: text for each finding and, at the end, lines
# "figure NAME VALUE" that tidy.sh judges.  One pass, any POSIX awk.

function found(line, rule, text)
{
	printf "%s:%d: %s: %s\n", FILENAME, line, rule, text
}

# The line without comments and without what is inside quotes.
function strip(s,	out, q, c, rest)
{
	out = ""
	while (s != "") {
		if (in_comment) {
			q = index(s, "*/")
			if (q == 0)
				return out
			s = substr(s, q + 2)
			in_comment = 0
			continue
		}
		if (!match(s, /["']|\/\*|\/\//))
			return out s
		c = substr(s, RSTART, RLENGTH)
		out = out substr(s, 1, RSTART - 1)
		rest = substr(s, RSTART + RLENGTH)
		if (c == "/*") {
			in_comment = 1
			s = rest
		} else if (c == "//") {
			found(FNR, "comment", "// comments are for private debugging")
			return out
		} else {
			out = out c
			while (rest != "") {
				q = substr(rest, 1, 1)
				rest = substr(rest, q == "\\" ? 3 : 2)
				if (q == c)
					break
			}
			out = out c
			s = rest
		}
	}
	return out
}

function width(s,	n, i, parts, w)
{
	n = split(s, parts, "\t")
	w = 0
	for (i = 1; i < n; i++) {
		w += length(parts[i])
		w += 8 - w % 8
	}
	return w + length(parts[n])
}

function end_file()
{
	if (file == "")
		return
	if (file_n > 900)
		printf "%s:%d: file-length: more than 900 lines\n", file, file_n
	if (is_header && !guarded)
		printf "%s:1: guard: no #ifndef %s\n", file, guard
	if (head_n && head_end == 0)
		printf "%s:1: opening: the opening comment has no end\n", file
}

function begin_file(	n, part)
{
	end_file()
	file = FILENAME
	n = split(file, part, "/")
	dir = part[1]
	base = part[n]
	sub(/\.[ch]$/, "", base)
	is_header = file ~ /\.h$/
	is_test = dir == "tests"
	guard = toupper(file)
	gsub(/[^A-Z0-9]/, "_", guard)
	guarded = in_comment = in_function = if_depth = 0
	head_n = head_end = own_seen = ours_seen = 0
	excuse = 0
	above = ""
	proto = 0
	files_n++
}

FNR == 1	{ begin_file() }

{
	raw = $0
	file_n = FNR
	if (raw ~ /[ \t]$/)
		found(FNR, "blanks", "trailing blanks")
	if (raw ~ /\r/)
		found(FNR, "blanks", "carriage return")
	if (raw ~ /^ +\t/ || raw ~ /^        /)
		found(FNR, "indent", "tabs, not blanks")
	if (length(raw) > 12 && width(raw) > 100)
		found(FNR, "line-length", width(raw) " columns, 100 are allowed")
	if (raw ~ /(^|[^A-Za-z])(TODO|FIXME|HACK)([^A-Za-z]|$)/ || raw ~ /(^|[^X])XXX([^X]|$)/)
		found(FNR, "todo", "finish it, or say so by name in the page")
}

# --- the opening comment

FNR == 1 && raw != "/* SPDX-License-Identifier: ISC */" {
	found(1, "licence", "the first line is the SPDX line")
}
# in a header the guard may come first
!head_n && FNR >= 2 && FNR <= 6 && raw ~ /^\/\*/	{ head_n = FNR }
!head_n && FNR == (is_header ? 6 : 2) {
	found(2, "opening", "a comment says what the file owns, promises, must not do")
}
head_n && !head_end {
	if (raw ~ /\*\//) {
		head_end = FNR
		head_lines = FNR - head_n + 1
		if (!is_test && !is_header && (head_lines < 5 || head_lines > 18))
			found(2, "opening", "the opening comment has " head_lines \
			    " lines; 5 to 18 with its delimiters")
	}
}

# --- code without comments and strings

{
	was_comment = in_comment
	code = strip(raw)
	is_blank = raw ~ /^[ \t]*$/
	# a line continued by a backslash belongs to a macro
	is_macro = continued
	continued = raw ~ /\\$/ && (is_macro || code ~ /^#/)
}

code ~ /^[ \t]*#[ \t]*include/ {
	if (match(raw, /"[^"]*"/)) {
		inc = substr(raw, RSTART + 1, RLENGTH - 2)
		if (!is_test && inc !~ "^(common|" dir ")/")
			found(FNR, "layer", dir "/ may not include " inc)
		if (!is_header && !is_test && !ours_seen && base != "main" &&
		    inc != dir "/" base ".h")
			found(FNR, "include", "the first include is the file's own header")
		ours_seen = 1
	} else {
		if (raw ~ /<(sys\/queue|sys\/tree|sys\/cdefs|error|execinfo|threads|stdatomic)\.h>/)
			found(FNR, "floor", "not in musl or not in old systems: " raw)
		if (raw ~ /<linux\/if_packet\.h>/)
			found(FNR, "floor", "use netpacket/packet.h")
		if (raw ~ /<linux\/filter\.h>/ && file !~ /^(dhcpd\/link|common\/sandbox)\.c$/ && !is_test)
			found(FNR, "floor", "linux/filter.h is for link.c and sandbox.c alone")
	}
}

code ~ /^[ \t]*#[ \t]*if/ {
	if (is_header && !guarded && raw == "#ifndef " guard)
		guarded = 1
	else {
		if (!is_test)
			ifs_n++
		if (in_function)
			found(FNR, "conditional", "no #if inside a function")
	}
}

code ~ /(^|[^A-Za-z0-9_.>])(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atoll|sscanf|gets|alloca|system|popen|rand|srand|strncpy|strncat|tmpnam|mktemp|setjmp|longjmp|asctime|ctime|gmtime|localtime|inet_ntoa|inet_addr|gethostbyname)[ \t]*\(/ {
	found(FNR, "banned", code)
}
code ~ /(^|[^A-Za-z0-9_])(getrandom|reallocarray|explicit_bzero|strlcpy|strlcat|memfd_create|statx|copy_file_range|renameat2|getentropy|pidfd_open|close_range)[ \t]*\(/ ||
code ~ /(^|[^A-Za-z0-9_])(_Generic|__has_attribute|__builtin_(add|sub|mul)_overflow|_Atomic|O_TMPFILE|__auto_type|typeof)([^A-Za-z0-9_]|$)/ {
	found(FNR, "floor", "newer than the oldest system: " code)
}
!is_test && base != "main" && file != "common/cc.c" && file != "common/log.c" &&
code ~ /(^|[^A-Za-z0-9_.>])(exit|abort|fprintf|printf|perror|puts|err|errx)[ \t]*\(/ {
	found(FNR, "banned", "only main.c, cc.c and log.c: " code)
}
code ~ /(^|[ \t])typedef[ \t]+(struct|union|enum)/ {
	found(FNR, "typedef", "structs keep their tag")
}
code ~ /(^|[^A-Za-z0-9_])ASSERT[ \t]*\(/ && !is_header && !is_test	{ asserts_n++ }
!is_test { lines_n++ }
!is_test && !is_header { code_n++ }

# --- functions: braces in column 0

raw ~ /(flat switch|pure table)/ && (was_comment || in_comment || raw ~ /\/\*/) { excuse = FNR }

code == "{" && !in_function && !is_macro {
	in_function = 1
	function_from = FNR
	function_name = above
	sub(/\(.*/, "", function_name)
	if (is_header && proto) {		# an inline one, behind its comment
		if (documented && doc_name && index(doc, function_name) == 0)
			found(proto, "docstring", "the comment does not name " function_name)
		proto = doc_name = 0
	}
	next
}
in_function && code ~ /^}/ {
	len = FNR - function_from + 1
	limit = excuse >= function_from - 20 && excuse > 0 ? 120 : 70
	if (len > limit)
		found(function_from, "function-length", function_name " has " len " lines, " \
		    limit " are allowed")
	if (!is_test)
		print "function " len
	in_function = excuse = 0
	above = ""
	next
}
!in_function && code ~ /^[A-Za-z_][A-Za-z0-9_]*\(/	{ above = code }

# --- a docstring before each prototype of a header; one may serve a group

is_header && !is_test && !is_macro && !in_function {
	if (!proto && code ~ /^[A-Za-z_]/ &&
	    code !~ /^(struct|union|enum)[ \t]*[A-Za-z0-9_]*[ \t]*({|;)/ &&
	    code !~ /^(typedef|_Static_assert|extern [^(]*;|static const)/) {
		proto = FNR
		proto_text = ""
		if (!documented)
			found(FNR, "docstring", "no comment before: " code)
	}
	if (proto) {
		proto_text = proto_text code
		if (code ~ /[;{}][ \t]*$/) {
			if (documented && doc_name && proto_text ~ /\(/) {
				name = proto_text
				gsub(/(MUST_CHECK|PRINTF_LIKE\([^)]*\))/, "", name)
				sub(/[ \t]*\(.*/, "", name)
				sub(/.*[ \t*]/, "", name)
				if (index(doc, name) == 0 && doc !~ /[a-z_]+_\*/)
					found(proto, "docstring", "the comment does not name " name)
				doc_name = 0
			}
			proto = 0
			documented = 1
			next
		}
	}
	if (was_comment || raw ~ /^[ \t]*\/\*/) {
		if (!was_comment)
			doc = ""
		doc = doc "\n" raw
		documented = !in_comment
		doc_name = documented
	} else if (is_blank || code ~ /^#/)
		documented = 0
}

END {
	end_file()
	print "figure files " files_n
	print "figure lines " lines_n
	print "figure ifs " ifs_n
	print "figure asserts " asserts_n
	print "figure code " code_n
}
