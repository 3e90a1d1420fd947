-- Fingerprints of the mail (store/similar.h); null = it has none.
ALTER TABLE indexed ADD COLUMN edf INTEGER;
ALTER TABLE indexed ADD COLUMN simhash INTEGER;
