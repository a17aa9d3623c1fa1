-- Schema version 1: the tables. 0001_views.sql has the views, which are what people and scripts use.
-- Never edited after a release: a change is a new file with the next number. Both files of this
-- version run in one transaction, which also sets application_id and user_version.
-- Foreign keys are deferred: the order of rows within one transaction does not matter.
-- Times are Unix milliseconds (at_ms, …_at_ms); durations say their unit.

CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  written_by TEXT NOT NULL
) STRICT;

CREATE TABLE experiments (
  experiment_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  metric TEXT NOT NULL,
  smaller_is_better INTEGER NOT NULL CHECK (smaller_is_better IN (0, 1)),
  best_value REAL NULL,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NULL,
  message TEXT NOT NULL
) STRICT;

CREATE TABLE documents (
  experiment_id INTEGER PRIMARY KEY
    REFERENCES experiments (experiment_id) DEFERRABLE INITIALLY DEFERRED,
  raw_text TEXT NOT NULL,
  canonical_json TEXT NOT NULL,
  provenance_json TEXT NOT NULL,
  user_name TEXT NOT NULL
) STRICT;

CREATE TABLE nodes (
  node_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  pool TEXT NOT NULL,
  state TEXT NOT NULL,
  slots INTEGER NOT NULL
) STRICT;

-- seed is unsigned 64 bit, stored as the signed number of the same bits.
CREATE TABLE trials (
  trial_id INTEGER PRIMARY KEY,
  experiment_id INTEGER NOT NULL
    REFERENCES experiments (experiment_id) DEFERRABLE INITIALLY DEFERRED,
  trial_no INTEGER NOT NULL,
  configuration_no INTEGER NOT NULL,
  replicate_no INTEGER NOT NULL,
  state TEXT NOT NULL,
  seed INTEGER NOT NULL,
  hparams TEXT NOT NULL CHECK (json_valid(hparams)),
  parameters INTEGER NULL,
  restarts INTEGER NOT NULL,
  best_value REAL NULL,
  last_value REAL NULL,
  best_epoch INTEGER NULL,
  best_checkpoint_id INTEGER NULL
    REFERENCES checkpoints (checkpoint_id) DEFERRABLE INITIALLY DEFERRED,
  last_checkpoint_id INTEGER NULL
    REFERENCES checkpoints (checkpoint_id) DEFERRABLE INITIALLY DEFERRED,
  started_at_ms INTEGER NULL,
  ended_at_ms INTEGER NULL,
  message TEXT NOT NULL,
  UNIQUE (experiment_id, trial_no)
) STRICT;

-- last_seq belongs to the reports alone (exactly once), the columns to `message` to the engine, the
-- next ones come from the record `started`, the last five from `exit`.
CREATE TABLE attempts (
  attempt_id INTEGER PRIMARY KEY,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  allocation_id INTEGER NULL,
  fence INTEGER NOT NULL,
  last_seq INTEGER NOT NULL,
  last_report_at_ms INTEGER NULL,
  state TEXT NOT NULL,
  resumed_from_checkpoint_id INTEGER NULL
    REFERENCES checkpoints (checkpoint_id) DEFERRABLE INITIALLY DEFERRED,
  started_at_ms INTEGER NULL,
  ended_at_ms INTEGER NULL,
  slots INTEGER NOT NULL,
  failure TEXT NOT NULL,
  message TEXT NOT NULL,
  resumed_from_step INTEGER NULL,
  resumed_from_epoch INTEGER NULL,
  parameters INTEGER NULL,
  flops INTEGER NULL,
  device TEXT NULL,
  precision_name TEXT NULL,
  first_step_ms REAL NULL,
  items TEXT NULL CHECK (items IS NULL OR json_valid(items)),
  class_names TEXT NULL CHECK (class_names IS NULL OR json_valid(class_names)),
  exit_outcome TEXT NULL,
  exit_class TEXT NULL,
  exit_message TEXT NULL,
  exit_code INTEGER NULL,
  exit_signal INTEGER NULL
) STRICT;
CREATE INDEX attempts_by_trial ON attempts (trial_id, attempt_id);

-- One row per record `epoch`; its metrics are in `metrics`.
CREATE TABLE epochs (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  lr REAL NULL,
  seconds REAL NULL,
  images_per_second REAL NULL,
  step_ms REAL NULL,
  allreduce_share REAL NULL,
  PRIMARY KEY (attempt_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX epochs_by_epoch ON epochs (attempt_id, epoch, seq);

-- Append-only. SQLite cannot hold a NaN: a value that is no finite number is NULL and named.
CREATE TABLE metrics (
  attempt_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  split TEXT NOT NULL,
  name TEXT NOT NULL,
  value REAL NULL,
  nonfinite TEXT NULL CHECK (nonfinite IN ('nan', 'inf', '-inf')),
  PRIMARY KEY (attempt_id, seq, split, name),
  FOREIGN KEY (attempt_id, seq) REFERENCES epochs (attempt_id, seq) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((value IS NULL) <> (nonfinite IS NULL))
) STRICT, WITHOUT ROWID;

-- Over the canonical epochs of a trial (v_epochs); rebuilt when an attempt resumes. Minimum and
-- maximum are of finite values.
CREATE TABLE metric_summary (
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  split TEXT NOT NULL,
  name TEXT NOT NULL,
  last_epoch INTEGER NOT NULL,
  last_value REAL NULL,
  min_epoch INTEGER NULL,
  min_value REAL NULL,
  max_epoch INTEGER NULL,
  max_value REAL NULL,
  PRIMARY KEY (trial_id, split, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE steps (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  step INTEGER NOT NULL,
  loss REAL NULL,
  loss_nonfinite TEXT NULL CHECK (loss_nonfinite IN ('nan', 'inf', '-inf')),
  lr REAL NULL,
  PRIMARY KEY (attempt_id, step)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoints (
  checkpoint_id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  name TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  metric_value REAL NULL,
  is_best INTEGER NOT NULL CHECK (is_best IN (0, 1)),
  is_final INTEGER NOT NULL CHECK (is_final IN (0, 1)),
  state TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoints_by_attempt ON checkpoints (attempt_id, step);
CREATE INDEX checkpoints_by_name ON checkpoints (name);

-- The items and labels of a split, once, however many evaluations use them. sha256 is of int32
-- items[n] and int32 labels[n], little-endian. item is the index in the source file.
CREATE TABLE splits (
  split_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  n INTEGER NOT NULL
) STRICT;
CREATE TABLE split_items (
  split_id INTEGER NOT NULL REFERENCES splits (split_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  item INTEGER NOT NULL,
  label INTEGER NOT NULL,
  PRIMARY KEY (split_id, position)
) STRICT, WITHOUT ROWID;

-- A number that is not finite is NULL here and named in nonfinite, e.g. {"loss":"nan"}.
CREATE TABLE evaluations (
  evaluation_id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  split TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  step INTEGER NOT NULL,
  checkpoint_name TEXT NOT NULL,
  split_id INTEGER NULL REFERENCES splits (split_id) DEFERRABLE INITIALLY DEFERRED,
  n INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  accuracy REAL NULL,
  loss REAL NULL,
  macro_auc REAL NULL,
  micro_auc REAL NULL,
  macro_ap REAL NULL,
  micro_ap REAL NULL,
  macro_precision REAL NULL,
  macro_recall REAL NULL,
  macro_f1 REAL NULL,
  ece REAL NULL,
  brier REAL NULL,
  nonfinite TEXT NULL CHECK (nonfinite IS NULL OR json_valid(nonfinite)),
  UNIQUE (attempt_id, seq)
) STRICT;
CREATE INDEX evaluations_by_checkpoint ON evaluations (checkpoint_name);

CREATE TABLE class_metrics (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  class INTEGER NOT NULL,
  precision_value REAL NULL,
  recall REAL NULL,
  f1 REAL NULL,
  support INTEGER NOT NULL,
  auc REAL NULL,
  ap REAL NULL,
  PRIMARY KEY (evaluation_id, class)
) STRICT, WITHOUT ROWID;

-- Cells that are not 0.
CREATE TABLE confusion (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  true_class INTEGER NOT NULL,
  predicted_class INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (evaluation_id, true_class, predicted_class)
) STRICT, WITHOUT ROWID;

-- class: -1 micro, -2 macro. x, y: false and true positive rate (roc), recall and precision (pr).
CREATE TABLE curve_points (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  curve TEXT NOT NULL CHECK (curve IN ('roc', 'pr')),
  class INTEGER NOT NULL,
  i INTEGER NOT NULL,
  x REAL NULL,
  y REAL NULL,
  threshold REAL NULL,
  PRIMARY KEY (evaluation_id, curve, class, i)
) STRICT, WITHOUT ROWID;

-- logits: float32[classes], little-endian, of the item at this position of the evaluation's split.
CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  logits BLOB NOT NULL,
  PRIMARY KEY (evaluation_id, position)
) STRICT, WITHOUT ROWID;

-- What the engine was told and what it answered: a restart replays this.
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  event TEXT NOT NULL,
  commands TEXT NOT NULL
) STRICT;
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY,
  journal_seq INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX events_by_subject ON events (subject, seq);

CREATE TABLE replies (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  reply BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports that no view shows: of fenced attempts, or not understood (reason says which).
CREATE TABLE noncanonical_records (
  record_id INTEGER PRIMARY KEY,
  attempt_id INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  reason TEXT NOT NULL,
  header TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (attempt_id, fence, seq)
) STRICT;

-- 0, 1, 2, …: the class numbers, for views that need one row per class. The writer adds to them
-- when an evaluation has more classes.
CREATE TABLE ordinals (
  k INTEGER PRIMARY KEY
) STRICT;
INSERT INTO ordinals (k)
WITH RECURSIVE counter (k) AS (
  VALUES (0)
  UNION ALL
  SELECT k + 1 FROM counter WHERE k < 255
)
SELECT k FROM counter ORDER BY k;

-- Values of a float32 by its upper nine bits (sign and exponent): unit * (hidden + mantissa).
-- NULL for exponent 255 (infinities and NaN).
CREATE TABLE float32_scale (
  sign_exponent INTEGER PRIMARY KEY,
  hidden INTEGER NOT NULL,
  unit REAL NULL
) STRICT;
INSERT INTO float32_scale (sign_exponent, hidden, unit)
WITH RECURSIVE counter (k) AS (
  VALUES (0)
  UNION ALL
  SELECT k + 1 FROM counter WHERE k < 511
)
SELECT
  k,
  iif(k & 255, 8388608, 0),
  iif((k & 255) = 255, NULL, iif(k < 256, 1.0, -1.0) * pow(2.0, max(k & 255, 1) - 150))
FROM counter
ORDER BY k;

-- Bytes 0 to 255 in order: the place of a byte in it is the byte's value (SQLite has no function
-- from a blob to numbers).
CREATE TABLE all_bytes (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL CHECK (length(bytes) = 256)
) STRICT;
INSERT INTO all_bytes (id, bytes)
SELECT 1, CAST(
  x'000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F'
  || x'202122232425262728292A2B2C2D2E2F303132333435363738393A3B3C3D3E3F'
  || x'404142434445464748494A4B4C4D4E4F505152535455565758595A5B5C5D5E5F'
  || x'606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F'
  || x'808182838485868788898A8B8C8D8E8F909192939495969798999A9B9C9D9E9F'
  || x'A0A1A2A3A4A5A6A7A8A9AAABACADAEAFB0B1B2B3B4B5B6B7B8B9BABBBCBDBEBF'
  || x'C0C1C2C3C4C5C6C7C8C9CACBCCCDCECFD0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF'
  || x'E0E1E2E3E4E5E6E7E8E9EAEBECEDEEEFF0F1F2F3F4F5F6F7F8F9FAFBFCFDFEFF'
  AS BLOB);
