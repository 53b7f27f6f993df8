CREATE TABLE t ("a""b" "ty pe", [c d] [e f](1), 'g' 'h' DEFAULT 'it''s', `i` DEFAULT "j")
