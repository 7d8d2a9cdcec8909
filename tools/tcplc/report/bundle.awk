# SPDX-License-Identifier: GPL-2.0-only
#
# bundle.awk: modules, in the order of what they need, as one script. Each becomes a
# function that is called at once and returns what the module exports, so that no name
# of one is in the way of another's. An import or an export takes one line.
FNR == 1 { close_module(); exports = ""; body = "" }
/^import / { next }
/^export / {
	sub(/^export /, "")
	split($0, word, /[ (=]+/)
	exports = exports (exports ? ", " : "") word[2]
}
{ body = body $0 "\n" }
END { close_module() }

function close_module()
{
	if (body)
		printf "const { %s } = (() => {\n%sreturn { %s };\n})();\n", exports, body, exports
}
