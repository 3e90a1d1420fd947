/* Applying migrations. The version is a row of the database itself, changed in the same transaction. */
#include "store/migrate.h"

static enum err read_version(struct sql *c, int64_t *version_out)
{
	struct sql_stmt *s = sql_prepare(c, "SELECT version FROM schema_version");
	enum err err = sql_step(s);

	*version_out = 0;
	if (err == ERR_ABSENT)
		return OK;
	if (!err) {
		*version_out = sql_int(s, 0);
		sql_done(s);
	}
	return err;
}

static enum err newer(struct errbuf *eb, int64_t version, size_t known)
{
	return err_set(eb, ERR_CONFLICT, "the store has schema version %lld, this program knows up to %zu",
		       (long long)version, known);
}

static enum err apply_next(struct sql_db *db, const struct migrations *m, bool *done_out, struct errbuf *eb)
{
	struct sql *c;
	int64_t version;
	enum err err = sql_write_begin(db, &c);

	if (err)
		return err;
	err = sql_script(c, "CREATE TABLE IF NOT EXISTS schema_version(version INTEGER NOT NULL)");
	if (!err)
		err = read_version(c, &version);
	if (!err && version > (int64_t)m->n)
		err = newer(eb, version, m->n);
	*done_out = !err && version == (int64_t)m->n;
	if (err || *done_out) {
		sql_rollback(&c);
		return err;
	}
	err = sql_script(c, m->texts[version]);
	if (!err)
		err = sql_script(c, "DELETE FROM schema_version");
	if (!err) {
		struct sql_stmt *s = sql_prepare(c, "INSERT INTO schema_version(version) VALUES($1)");
		sql_bind_int(s, 1, version + 1);
		err = sql_run(s, NULL);
	}
	return sql_end(&c, err);
}

enum err migrate_run(struct sql_db *db, const struct migrations *m, struct errbuf *eb)
{
	bool done = false;
	enum err err = OK;

	/* A second process may migrate at the same time: each step looks again under the write lock. */
	err_set(eb, OK, "the schema could not be brought up to date");
	while (!err && !done)
		err = apply_next(db, m, &done, eb);
	return err;
}

enum err migrate_check(struct sql_db *db, const struct migrations *m, struct errbuf *eb)
{
	struct sql *c;
	int64_t version = 0, tables = 0;
	enum err err = sql_read_begin(db, &c);

	if (err)
		return err_set(eb, err, "the store cannot be read");
	struct sql_stmt *s =
	    sql_prepare(c, "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'");
	err = sql_step(s);
	if (!err) {
		tables = sql_int(s, 0);
		sql_done(s);
	}
	if (!err && tables)
		err = read_version(c, &version);
	sql_read_end(&c);
	if (err)
		return err_set(eb, err, "the store cannot be read");
	if (version > (int64_t)m->n)
		return newer(eb, version, m->n);
	if (version < (int64_t)m->n)
		return err_set(eb, ERR_CONFLICT,
			       "the store has schema version %lld and must be brought to %zu first",
			       (long long)version, m->n);
	return OK;
}
