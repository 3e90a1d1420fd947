#!/bin/sh
# Prints C tables with the given files: embed.sh NAME/0001.sql NAME/0002.sql ... -> const struct migrations NAME_schema.
set -eu
echo '#include "store/migrate.h"'
names=
for file in "$@"; do
	name=$(basename "$(dirname "$file")")
	number=$(basename "$file" .sql)
	echo "static const char ${name}_${number}[] = {"
	od -An -v -tx1 "$file" | sed 's/ \(..\)/0x\1,/g'
	echo '0 };'
	case " $names " in *" $name "*) ;; *) names="$names $name" ;; esac
done
for name in $names; do
	echo "static const char *const ${name}_texts[] = {"
	for file in "$@"; do
		[ "$(basename "$(dirname "$file")")" != "$name" ] || echo "	${name}_$(basename "$file" .sql),"
	done
	echo '};'
	echo "const struct migrations ${name}_schema = { ${name}_texts, sizeof(${name}_texts) / sizeof(${name}_texts[0]) };"
done
