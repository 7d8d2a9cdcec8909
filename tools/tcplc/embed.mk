# SPDX-License-Identifier: GPL-2.0
#
# Files that become strings of the client. TCPLC is the folder of this file, OBJ where
# objects go. Needs nothing but a shell and sed.

EMBEDDED := picture_css

# $(call embed,NAME,FILE): a file as an array of characters, ended by a NUL.
embed = { printf 'extern const char $(1)[];\nconst char $(1)[] =\n'; \
	  sed -e 's/[\\"]/\\&/g' -e 's/^/"/' -e 's/$$/\\n"/' $(2); echo ';'; }

$(OBJ)/picture_css.c: $(TCPLC)/draw/picture.css $(TCPLC)/embed.mk | $(OBJ)
	$(Q)$(call embed,picture_css,$<) >$@
