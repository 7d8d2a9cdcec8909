# SPDX-License-Identifier: GPL-2.0-only
#
# Files that become strings of the client: the look of pictures, and the page of tcplc
# report. TCPLC is the folder of this file, OBJ where objects go. Needs nothing but a
# shell, sed, awk and coreutils.

EMBEDDED := picture_css report_page

# Modules, each behind those it imports.
REPORT_JS := $(addprefix $(TCPLC)/report/,elements.js units.js records.js terms.js marks.js \
	table.js both.js ladder.js diagram.js timeline.js histogram.js facts.js main.js)
REPORT := $(addprefix $(TCPLC)/report/,page.html page.css bundle.awk) $(REPORT_JS)

# Lines as characters of C; ?? and what follows could be a trigraph.
AS_C := sed -e 's/[\\"]/\\&/g' -e 's/??/?\\?/g' -e 's/^/"/' -e 's/$$/\\n"/'

# $(call hash,FILE): as Content-Security-Policy has it.
hash = $$(sha256sum <$(1) | cut -c1-64 | tr a-f A-F | basenc --base16 -d | base64)

$(OBJ)/picture_css.c: $(TCPLC)/draw/picture.css $(TCPLC)/embed.mk | $(OBJ)
	$(Q){ printf 'extern const char picture_css[];\nconst char picture_css[] =\n'; \
	  $(AS_C) $<; echo ';'; } >$@

# What is made as tcplc runs, @DIAGRAM@ and @DATA@, parts the page into three.
$(OBJ)/report_page.c: $(REPORT) $(TCPLC)/draw/picture.css $(TCPLC)/embed.mk | $(OBJ)
	$(Q)awk -f $(TCPLC)/report/bundle.awk $(REPORT_JS) >$(OBJ)/report.js
	$(Q)cat $(TCPLC)/report/page.css $(TCPLC)/draw/picture.css >$(OBJ)/report.css
	$(Q)sed -e "s|@SCRIPT@|$(call hash,$(OBJ)/report.js)|" \
		-e "s|@STYLE@|$(call hash,$(OBJ)/report.css)|" $(TCPLC)/report/page.html | \
	  awk -v obj=$(OBJ) ' \
		function paste(mark, name, line, at) { \
			at = index($$0, mark); \
			printf "%s", substr($$0, 1, at - 1); \
			while ((getline line < (obj "/" name)) > 0) print line; \
			print substr($$0, at + length(mark)); } \
		/@CSS@/ { paste("@CSS@", "report.css"); next } \
		/@JS@/ { paste("@JS@", "report.js"); next } \
		{ print }' >$(OBJ)/report.html
	$(Q){ printf 'extern const char *const report_page[3];\nconst char *const report_page[3] = {\n'; \
	  $(AS_C) $(OBJ)/report.html | sed -e 's/^"@DIAGRAM@\\n"$$/,/' -e 's/^"@DATA@\\n"$$/,/'; \
	  echo '};'; } >$@
