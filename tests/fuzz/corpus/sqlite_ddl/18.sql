CREATE TABLE t (a, b, c); CREATE INDEX i ON t (a COLLATE nocase DESC, b ASC, c); CREATE UNIQUE INDEX j ON t (lower(a), b || 'x' COLLATE rtrim DESC) WHERE c IS NOT NULL AND (a > 1)
