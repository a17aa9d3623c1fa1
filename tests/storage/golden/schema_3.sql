-- schema version 3
CREATE INDEX attempts_by_trial ON attempts (trial_id, attempt_id);
CREATE INDEX checkpoints_by_attempt ON checkpoints (attempt_id, step);
CREATE INDEX checkpoints_by_name ON checkpoints (name);
CREATE INDEX ensembles_by_experiment ON ensembles (experiment_id);
CREATE INDEX epochs_by_epoch ON epochs (attempt_id, epoch, seq);
CREATE INDEX evaluations_by_checkpoint ON evaluations (checkpoint_name);
CREATE INDEX events_by_subject ON events (subject, seq);
CREATE INDEX events_decisions ON events (subject, seq) WHERE kind = 'decision';
CREATE TABLE all_bytes (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL CHECK (length(bytes) = 256)
) STRICT;
CREATE TABLE attempt_parts (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  part INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (node_id) DEFERRABLE INITIALLY DEFERRED,
  slots TEXT NOT NULL CHECK (json_valid(slots)),
  PRIMARY KEY (attempt_id, part)
) STRICT, WITHOUT ROWID;
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
, kind TEXT NOT NULL DEFAULT 'train'
  CHECK (kind IN ('train', 'evaluate')), data_sha256 TEXT NULL
  REFERENCES data_statistics (sha256) DEFERRABLE INITIALLY DEFERRED, node_id INTEGER NULL
  REFERENCES nodes (node_id) DEFERRABLE INITIALLY DEFERRED) STRICT;
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
CREATE TABLE confusion (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  true_class INTEGER NOT NULL,
  predicted_class INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (evaluation_id, true_class, predicted_class)
) STRICT, WITHOUT ROWID;
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
CREATE TABLE data_statistics (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT, WITHOUT ROWID;
CREATE TABLE documents (
  experiment_id INTEGER PRIMARY KEY
    REFERENCES experiments (experiment_id) DEFERRABLE INITIALLY DEFERRED,
  raw_text TEXT NOT NULL,
  canonical_json TEXT NOT NULL,
  provenance_json TEXT NOT NULL,
  user_name TEXT NOT NULL
) STRICT;
CREATE TABLE ensemble_ablation (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  split TEXT NOT NULL,
  position INTEGER NOT NULL,
  accuracy_alone REAL NULL,
  accuracy_without REAL NULL,
  loss_alone REAL NULL,
  loss_without REAL NULL,
  PRIMARY KEY (ensemble_id, split, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_evaluations (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  split TEXT NOT NULL,
  combine TEXT NOT NULL,
  chosen INTEGER NOT NULL CHECK (chosen IN (0, 1)),
  n INTEGER NOT NULL,
  classes INTEGER NOT NULL,
  accuracy REAL NULL,
  loss REAL NULL,
  macro_auc REAL NULL,
  macro_ap REAL NULL,
  macro_f1 REAL NULL,
  ece REAL NULL,
  brier REAL NULL,
  micro_auc REAL NULL,
  micro_ap REAL NULL,
  macro_precision REAL NULL,
  macro_recall REAL NULL,
  best_member INTEGER NULL,
  best_member_accuracy REAL NULL,
  mean_member_accuracy REAL NULL,
  disagreement REAL NULL,
  double_fault REAL NULL,
  PRIMARY KEY (ensemble_id, split, combine)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_left_out (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  i INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  reason TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, i)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_members (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  checkpoint_name TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_pairs (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  split TEXT NOT NULL,
  a INTEGER NOT NULL,
  b INTEGER NOT NULL,
  disagreement REAL NULL,
  double_fault REAL NULL,
  PRIMARY KEY (ensemble_id, split, a, b),
  CHECK (a < b)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_weights (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  combine TEXT NOT NULL,
  position INTEGER NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (ensemble_id, combine, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensembles (
  ensemble_id INTEGER PRIMARY KEY,
  experiment_id INTEGER NULL
    REFERENCES experiments (experiment_id) DEFERRABLE INITIALLY DEFERRED,
  configuration_no INTEGER NULL,
  name TEXT NOT NULL,
  combine TEXT NOT NULL,
  state TEXT NOT NULL,
  min_members INTEGER NOT NULL,
  message TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NULL
) STRICT;
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
  nonfinite TEXT NULL CHECK (nonfinite IS NULL OR json_valid(nonfinite)), dataset TEXT NULL, labelled INTEGER NOT NULL DEFAULT 1 CHECK (labelled IN (0, 1)),
  UNIQUE (attempt_id, seq)
) STRICT;
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
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
, archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)), priority INTEGER NOT NULL DEFAULT 42, weight REAL NOT NULL DEFAULT 1.0, max_slots INTEGER NULL, save_experiment_best INTEGER NOT NULL DEFAULT 0, save_trial_best INTEGER NOT NULL DEFAULT 1, save_trial_latest INTEGER NOT NULL DEFAULT 1, held_ms INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE float32_scale (
  sign_exponent INTEGER PRIMARY KEY,
  hidden INTEGER NOT NULL,
  unit REAL NULL
) STRICT;
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  event TEXT NOT NULL,
  commands TEXT NOT NULL
) STRICT;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  written_by TEXT NOT NULL
) STRICT;
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
CREATE TABLE nodes (
  node_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  pool TEXT NOT NULL,
  state TEXT NOT NULL,
  slots INTEGER NOT NULL
, draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1)), labels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(labels))) STRICT;
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
CREATE TABLE ordinals (
  k INTEGER PRIMARY KEY
) STRICT;
CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  logits BLOB NOT NULL,
  PRIMARY KEY (evaluation_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE replies (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  reply BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY,
  journal_seq INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
CREATE TABLE split_items (
  split_id INTEGER NOT NULL REFERENCES splits (split_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  item INTEGER NOT NULL,
  label INTEGER NOT NULL,
  PRIMARY KEY (split_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE splits (
  split_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  n INTEGER NOT NULL
) STRICT;
CREATE TABLE steps (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  step INTEGER NOT NULL,
  loss REAL NULL,
  loss_nonfinite TEXT NULL CHECK (loss_nonfinite IN ('nan', 'inf', '-inf')),
  lr REAL NULL,
  PRIMARY KEY (attempt_id, step)
) STRICT, WITHOUT ROWID;
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
  message TEXT NOT NULL, parent_trial_id INTEGER NULL
  REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED, flops INTEGER NULL, time_done INTEGER NULL, run_until INTEGER NULL, infeasible TEXT NOT NULL DEFAULT '',
  UNIQUE (experiment_id, trial_no)
) STRICT;
CREATE VIEW v_attempts AS
SELECT
  a.attempt_id,
  t.trial_id,
  t.experiment_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  row_number() OVER (PARTITION BY a.trial_id, a.kind ORDER BY a.attempt_id) AS attempt,
  a.state,
  a.fence,
  a.slots,
  a.resumed_from_epoch,
  a.resumed_from_step,
  a.device,
  a.precision_name AS precision,
  a.first_step_ms,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.started_at_ms / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', a.ended_at_ms / 1000.0, 'unixepoch') AS ended_at,
  a.slots * (coalesce(a.ended_at_ms, a.last_report_at_ms, a.started_at_ms) - a.started_at_ms)
    / 1000.0 AS slot_seconds,
  a.exit_outcome,
  a.failure,
  a.message,
  a.kind,
  (SELECT n.name FROM nodes AS n WHERE n.node_id = a.node_id) AS node,
  iif(a.node_id IS NULL, NULL, max(1, (
    SELECT count(*) FROM attempt_parts AS p WHERE p.attempt_id = a.attempt_id
  ))) AS nodes
FROM attempts AS a
JOIN trials AS t ON t.trial_id = a.trial_id;
CREATE VIEW v_checkpoints AS
SELECT
  a.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  t.experiment_id || '.' || t.trial_no || '@e' || c.epoch AS checkpoint,
  c.checkpoint_id,
  c.step,
  c.epoch,
  c.bytes,
  c.sha256,
  c.name AS path,
  c.state,
  c.metric_value,
  c.checkpoint_id IS t.best_checkpoint_id AS is_best,
  c.checkpoint_id IS t.last_checkpoint_id AS is_last,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.at_ms / 1000.0, 'unixepoch') AS at
FROM checkpoints AS c
JOIN attempts AS a ON a.attempt_id = c.attempt_id
JOIN trials AS t ON t.trial_id = a.trial_id;
CREATE VIEW v_confusion AS
SELECT
  e.evaluation_id,
  t.k AS true_class,
  p.k AS predicted_class,
  coalesce(c.n, 0) AS n
FROM evaluations AS e
JOIN ordinals AS t ON t.k < e.classes
JOIN ordinals AS p ON p.k < e.classes
LEFT JOIN confusion AS c
  ON c.evaluation_id = e.evaluation_id AND c.true_class = t.k AND c.predicted_class = p.k
WHERE e.labelled = 1;
CREATE VIEW v_data_statistics AS
SELECT
  t.trial_id,
  s.key AS split,
  c.key AS class,
  coalesce(json_extract(a.class_names, '$[' || c.key || ']'), CAST(c.key AS TEXT)) AS label,
  c.value AS n,
  t.experiment_id || '.' || t.trial_no AS trial,
  json_extract(d.text, '$.name') AS dataset
FROM trials AS t
JOIN attempts AS a ON a.attempt_id = (
  SELECT max(l.attempt_id) FROM attempts AS l
  WHERE l.trial_id = t.trial_id AND l.kind = 'train' AND l.data_sha256 IS NOT NULL
)
JOIN data_statistics AS d ON d.sha256 = a.data_sha256
JOIN json_each(d.text, '$.splits') AS s
JOIN json_each(s.value, '$.class_counts') AS c;
CREATE VIEW v_decisions AS
SELECT
  seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') AS at,
  CAST(substr(subject, instr(subject, ' ') + 1) AS INTEGER) AS experiment_id,
  iif(substr(subject, 1, 6) = 'trial ', substr(subject, 7), NULL) AS trial,
  subject,
  detail AS text
FROM events
WHERE kind = 'decision';
CREATE VIEW v_ensemble_ablation AS
SELECT
  a.ensemble_id,
  a.split,
  a.position,
  m.trial,
  m.checkpoint,
  a.accuracy_alone,
  a.accuracy_without,
  a.loss_alone,
  a.loss_without
FROM ensemble_ablation AS a
JOIN v_ensemble_members AS m ON m.ensemble_id = a.ensemble_id AND m.position = a.position;
CREATE VIEW v_ensemble_evaluations AS
SELECT
  v.ensemble_id,
  e.experiment_id,
  v.split,
  v.combine,
  v.chosen,
  v.n,
  v.accuracy,
  v.loss,
  v.macro_auc,
  v.macro_ap,
  v.macro_f1,
  v.ece,
  v.brier,
  v.micro_auc,
  v.micro_ap,
  v.macro_precision,
  v.macro_recall,
  v.best_member,
  v.best_member_accuracy,
  v.mean_member_accuracy,
  v.disagreement,
  v.double_fault,
  v.classes
FROM ensemble_evaluations AS v
JOIN ensembles AS e ON e.ensemble_id = v.ensemble_id;
CREATE VIEW v_ensemble_members AS
SELECT
  m.ensemble_id,
  m.position,
  m.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  t.experiment_id || '.' || t.trial_no || coalesce('@e' || c.epoch, '@best') AS checkpoint,
  w.weight,
  NULL AS left_out,
  coalesce(nullif(m.checkpoint_name, ''), c.name) AS checkpoint_path
FROM ensemble_members AS m
JOIN ensembles AS e ON e.ensemble_id = m.ensemble_id
JOIN trials AS t ON t.trial_id = m.trial_id
LEFT JOIN checkpoints AS c ON c.checkpoint_id = CASE
  WHEN m.checkpoint_name = '' THEN t.best_checkpoint_id
  ELSE (SELECT max(k.checkpoint_id) FROM checkpoints AS k WHERE k.name = m.checkpoint_name)
END
LEFT JOIN ensemble_weights AS w
  ON w.ensemble_id = m.ensemble_id AND w.combine = e.combine AND w.position = m.position
UNION ALL
SELECT
  o.ensemble_id,
  NULL,
  o.trial_id,
  t.experiment_id || '.' || t.trial_no,
  NULL,
  NULL,
  o.reason,
  NULL
FROM ensemble_left_out AS o
JOIN trials AS t ON t.trial_id = o.trial_id;
CREATE VIEW v_ensemble_pairs AS
SELECT
  p.ensemble_id,
  p.split,
  p.a,
  p.b,
  m.checkpoint AS checkpoint_a,
  o.checkpoint AS checkpoint_b,
  p.disagreement,
  p.double_fault
FROM ensemble_pairs AS p
JOIN v_ensemble_members AS m ON m.ensemble_id = p.ensemble_id AND m.position = p.a
JOIN v_ensemble_members AS o ON o.ensemble_id = p.ensemble_id AND o.position = p.b;
CREATE VIEW v_ensemble_weights AS
SELECT ensemble_id, combine, position, weight
FROM ensemble_weights;
CREATE VIEW v_ensembles AS
SELECT
  e.ensemble_id,
  e.experiment_id,
  e.combine,
  (SELECT count(*) FROM ensemble_members AS m WHERE m.ensemble_id = e.ensemble_id) AS members,
  v.split,
  v.accuracy,
  v.best_member_accuracy,
  v.mean_member_accuracy,
  v.n,
  v.loss,
  v.macro_auc,
  v.macro_ap,
  v.macro_f1,
  v.ece,
  v.brier,
  v.disagreement,
  v.double_fault,
  e.name,
  e.state,
  e.configuration_no,
  e.min_members,
  (SELECT count(*) FROM ensemble_left_out AS o WHERE o.ensemble_id = e.ensemble_id) AS left_out,
  e.message,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.created_at_ms / 1000.0, 'unixepoch') AS created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.ended_at_ms / 1000.0, 'unixepoch') AS ended_at
FROM ensembles AS e
LEFT JOIN ensemble_evaluations AS v ON v.ensemble_id = e.ensemble_id AND v.chosen = 1;
CREATE VIEW v_epochs AS
SELECT
  a.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  (SELECT count(*) FROM attempts AS o WHERE o.trial_id = a.trial_id
    AND o.attempt_id <= a.attempt_id AND o.kind = 'train') AS attempt,
  e.epoch,
  m.split,
  m.name,
  m.value,
  m.nonfinite,
  e.step,
  e.lr,
  e.seconds,
  e.images_per_second,
  e.step_ms,
  e.allreduce_share,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.at_ms / 1000.0, 'unixepoch') AS at
FROM trials AS t
JOIN attempts AS a ON a.trial_id = t.trial_id
JOIN epochs AS e ON e.attempt_id = a.attempt_id
JOIN metrics AS m ON m.attempt_id = e.attempt_id AND m.seq = e.seq
WHERE NOT EXISTS (
  SELECT 1 FROM epochs AS again
  WHERE again.attempt_id = e.attempt_id AND again.epoch = e.epoch AND again.seq > e.seq
)
AND NOT EXISTS (
  SELECT 1 FROM attempts AS later
  WHERE later.trial_id = a.trial_id AND later.attempt_id > a.attempt_id
    AND later.kind = 'train' AND later.resumed_from_epoch < e.epoch
);
CREATE VIEW v_evaluations AS
SELECT
  e.evaluation_id,
  a.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  CASE WHEN e.checkpoint_name <> ''
    THEN t.experiment_id || '.' || t.trial_no || '@e' || coalesce((
      SELECT c.epoch FROM checkpoints AS c
      WHERE c.name = e.checkpoint_name
      ORDER BY c.checkpoint_id DESC
      LIMIT 1
    ), e.epoch) END AS checkpoint,
  e.split,
  e.n,
  e.accuracy,
  e.loss,
  e.macro_auc,
  e.macro_ap,
  e.macro_f1,
  e.ece,
  e.brier,
  e.micro_auc,
  e.micro_ap,
  e.macro_precision,
  e.macro_recall,
  e.classes,
  e.epoch,
  e.step,
  e.nonfinite,
  e.split_id IS NOT NULL AS has_predictions,
  e.checkpoint_name AS checkpoint_path,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.at_ms / 1000.0, 'unixepoch') AS at,
  e.dataset,
  e.labelled
FROM evaluations AS e
JOIN attempts AS a ON a.attempt_id = e.attempt_id
JOIN trials AS t ON t.trial_id = a.trial_id
WHERE NOT EXISTS (
  SELECT 1 FROM attempts AS later
  WHERE later.trial_id = a.trial_id AND later.attempt_id > a.attempt_id
    AND later.kind = 'train' AND later.resumed_from_step < e.step
);
CREATE VIEW v_events AS
SELECT
  seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') AS at,
  kind,
  subject,
  detail
FROM events;
CREATE VIEW v_experiments AS
SELECT
  e.experiment_id,
  e.name,
  e.state,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.created_at_ms / 1000.0, 'unixepoch') AS created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.ended_at_ms / 1000.0, 'unixepoch') AS ended_at,
  (SELECT count(*) FROM trials AS t WHERE t.experiment_id = e.experiment_id) AS trials,
  e.metric,
  e.smaller_is_better,
  e.best_value,
  d.user_name AS user,
  e.message,
  e.archived,
  e.priority,
  e.weight,
  e.max_slots,
  e.save_experiment_best,
  e.save_trial_best,
  e.save_trial_latest,
  json_extract(d.canonical_json, '$.searcher.name') AS searcher,
  nullif(json_extract(d.canonical_json, '$.searcher.metrics'), '[]') AS objectives,
  e.held_ms / 1000.0 AS held_slot_s
FROM experiments AS e
LEFT JOIN documents AS d ON d.experiment_id = e.experiment_id;
CREATE VIEW v_intensity AS
SELECT
  t.trial_id,
  s.key AS split,
  c.key AS value,
  c.value AS n,
  t.experiment_id || '.' || t.trial_no AS trial
FROM trials AS t
JOIN attempts AS a ON a.attempt_id = (
  SELECT max(l.attempt_id) FROM attempts AS l
  WHERE l.trial_id = t.trial_id AND l.kind = 'train' AND l.data_sha256 IS NOT NULL
)
JOIN data_statistics AS d ON d.sha256 = a.data_sha256
JOIN json_each(d.text, '$.splits') AS s
JOIN json_each(s.value, '$.intensity') AS c;
CREATE VIEW v_leaderboard AS
WITH board AS (
  SELECT
    t.*,
    e.name AS experiment,
    e.metric,
    t.experiment_id || '.' || t.trial_no AS trial,
    row_number() OVER (
      PARTITION BY t.experiment_id
      ORDER BY t.state = 'ERROR', t.best_value IS NULL, t.infeasible <> '',
        iif(e.smaller_is_better, t.best_value, -t.best_value), t.trial_no
    ) AS place
  FROM trials AS t
  JOIN experiments AS e ON e.experiment_id = t.experiment_id
)
SELECT
  b.experiment_id,
  b.experiment,
  b.place AS rank,
  b.trial_id,
  b.trial_no,
  b.trial,
  b.configuration_no,
  b.replicate_no,
  b.seed,
  b.state,
  b.hparams,
  b.metric,
  b.best_value,
  b.best_epoch,
  b.last_value,
  (
    SELECT v.value FROM v_epochs AS v
    WHERE v.trial_id = b.trial_id AND v.epoch = b.best_epoch
      AND v.split = 'validation' AND v.name = 'accuracy'
  ) AS validation_accuracy,
  (
    SELECT v.accuracy
    FROM evaluations AS v
    JOIN attempts AS a ON a.attempt_id = v.attempt_id
    LEFT JOIN checkpoints AS c ON c.checkpoint_id = b.best_checkpoint_id
    WHERE a.trial_id = b.trial_id AND v.split = 'test' AND v.dataset IS NULL
      AND (v.checkpoint_name = c.name OR (c.name IS NULL AND v.epoch = b.best_epoch))
    ORDER BY v.evaluation_id DESC
    LIMIT 1
  ) AS test_accuracy,
  b.parameters,
  (
    coalesce(b.ended_at_ms, (
      SELECT max(a.last_report_at_ms) FROM attempts AS a
      WHERE a.trial_id = b.trial_id AND a.kind = 'train'
    )) - b.started_at_ms
  ) / 1000.0 AS wall_s,
  b.flops,
  nullif(b.infeasible, '') AS infeasible
FROM board AS b
ORDER BY b.experiment_id, b.place;
CREATE VIEW v_logit_bits AS
SELECT
  p.evaluation_id,
  p.position,
  e.split_id,
  e.classes,
  o.k AS class,
  (instr(b.bytes, substr(p.logits, 4 * o.k + 1, 1)) - 1)
    + 256 * (instr(b.bytes, substr(p.logits, 4 * o.k + 2, 1)) - 1)
    + 65536 * ((instr(b.bytes, substr(p.logits, 4 * o.k + 3, 1)) - 1) & 127) AS mantissa,
  2 * (instr(b.bytes, substr(p.logits, 4 * o.k + 4, 1)) - 1)
    + ((instr(b.bytes, substr(p.logits, 4 * o.k + 3, 1)) - 1) >> 7) AS sign_exponent
FROM evaluations AS e
JOIN all_bytes AS b ON b.id = 1
JOIN predictions AS p ON p.evaluation_id = e.evaluation_id
JOIN ordinals AS o ON o.k < e.classes;
CREATE VIEW v_logits AS
SELECT
  b.evaluation_id,
  b.position,
  i.item,
  nullif(i.label, -1) AS true_class,
  b.class,
  s.unit * (s.hidden + b.mantissa) AS logit
FROM v_logit_bits AS b
JOIN float32_scale AS s ON s.sign_exponent = b.sign_exponent
JOIN split_items AS i ON i.split_id = b.split_id AND i.position = b.position;
CREATE VIEW v_metric_summary AS
SELECT
  s.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  s.split,
  s.name,
  s.last_epoch,
  s.last_value,
  s.min_epoch,
  s.min_value,
  s.max_epoch,
  s.max_value,
  CASE WHEN e.metric = s.split || '_' || s.name
    THEN iif(e.smaller_is_better, s.min_value, s.max_value) END AS best_value,
  CASE WHEN e.metric = s.split || '_' || s.name
    THEN iif(e.smaller_is_better, s.min_epoch, s.max_epoch) END AS best_epoch
FROM metric_summary AS s
JOIN trials AS t ON t.trial_id = s.trial_id
JOIN experiments AS e ON e.experiment_id = t.experiment_id;
CREATE VIEW v_per_class AS
SELECT
  c.evaluation_id,
  c.class,
  coalesce(
    CASE WHEN c.class >= 0 THEN json_extract(a.class_names, '$[' || c.class || ']') END,
    CAST(c.class AS TEXT)
  ) AS label,
  c.precision_value AS precision,
  c.recall,
  c.f1,
  c.support,
  c.auc,
  c.ap
FROM class_metrics AS c
JOIN evaluations AS e ON e.evaluation_id = c.evaluation_id
JOIN attempts AS a ON a.attempt_id = e.attempt_id;
CREATE VIEW v_pr AS
SELECT evaluation_id, class, i, x AS recall, y AS precision, threshold
FROM curve_points
WHERE curve = 'pr';
CREATE VIEW v_predictions AS
WITH tops AS (
  SELECT
    b.evaluation_id,
    b.position,
    i.item,
    i.label,
    max(
      1048576 * CASE
        WHEN s.unit IS NULL AND b.mantissa <> 0 THEN -2147483648
        WHEN b.sign_exponent < 256 THEN b.sign_exponent * 8388608 + b.mantissa
        ELSE (256 - b.sign_exponent) * 8388608 - b.mantissa
      END + 1048575 - b.class
    ) AS top,
    max(s.unit * (s.hidden + b.mantissa)) AS largest,
    max(iif(b.class = i.label, s.unit * (s.hidden + b.mantissa), NULL)) AS of_true,
    count(s.unit) = b.classes AS finite
  FROM v_logit_bits AS b
  JOIN float32_scale AS s ON s.sign_exponent = b.sign_exponent
  JOIN split_items AS i ON i.split_id = b.split_id AND i.position = b.position
  GROUP BY b.evaluation_id, b.position
)
SELECT
  t.evaluation_id,
  t.item,
  nullif(t.label, -1) AS true_class,
  1048575 - (t.top & 1048575) AS predicted_class,
  iif(t.finite, exp(t.of_true - t.largest) / (
    SELECT sum(exp(l.logit - t.largest)) FROM v_logits AS l
    WHERE l.evaluation_id = t.evaluation_id AND l.position = t.position
  ), NULL) AS p_true,
  iif(t.finite, 1.0 / (
    SELECT sum(exp(l.logit - t.largest)) FROM v_logits AS l
    WHERE l.evaluation_id = t.evaluation_id AND l.position = t.position
  ), NULL) AS p_predicted
FROM tops AS t;
CREATE VIEW v_queue AS
WITH open AS (
  SELECT
    e.*,
    coalesce(json_extract(d.canonical_json, '$.resources.resource_pool'), 'default') AS pool,
    coalesce(json_extract(d.canonical_json, '$.resources.slots_per_trial'), 1) AS slots_per_trial
  FROM experiments AS e
  LEFT JOIN documents AS d ON d.experiment_id = e.experiment_id
  WHERE e.state IN ('ACTIVE', 'PAUSED', 'STOPPING')
)
SELECT
  o.experiment_id,
  o.name,
  o.state,
  o.pool,
  o.priority,
  o.weight,
  o.max_slots,
  max(o.slots_per_trial, 1) AS slots_per_trial,
  (
    SELECT coalesce(sum(a.slots), 0)
    FROM trials AS t
    JOIN attempts AS a ON a.trial_id = t.trial_id
    WHERE t.experiment_id = o.experiment_id AND a.state = 'RUNNING' AND a.kind = 'train'
  ) AS slots_in_use,
  (
    SELECT count(*) FROM trials AS t
    WHERE t.experiment_id = o.experiment_id AND t.state IN ('RUNNING', 'STOPPING')
  ) AS running,
  (
    SELECT count(*) FROM trials AS t
    WHERE t.experiment_id = o.experiment_id AND t.state = 'QUEUED'
  ) AS queued,
  (
    SELECT count(*) FROM trials AS t
    WHERE t.experiment_id = o.experiment_id AND t.state = 'HELD'
  ) AS held,
  strftime('%Y-%m-%dT%H:%M:%fZ', o.created_at_ms / 1000.0, 'unixepoch') AS created_at
FROM open AS o
ORDER BY o.priority, o.experiment_id;
CREATE VIEW v_roc AS
SELECT evaluation_id, class, i, x AS fpr, y AS tpr, threshold
FROM curve_points
WHERE curve = 'roc';
CREATE VIEW v_steps AS
SELECT
  a.trial_id,
  t.experiment_id || '.' || t.trial_no AS trial,
  (SELECT count(*) FROM attempts AS o WHERE o.trial_id = a.trial_id
    AND o.attempt_id <= a.attempt_id AND o.kind = 'train') AS attempt,
  s.step,
  s.loss,
  s.loss_nonfinite AS nonfinite,
  s.lr
FROM trials AS t
JOIN attempts AS a ON a.trial_id = t.trial_id
JOIN steps AS s ON s.attempt_id = a.attempt_id
WHERE NOT EXISTS (
  SELECT 1 FROM attempts AS later
  WHERE later.trial_id = a.trial_id AND later.attempt_id > a.attempt_id
    AND later.kind = 'train' AND later.resumed_from_step < s.step
);
CREATE VIEW v_trials AS
SELECT
  t.trial_id,
  t.experiment_id,
  t.trial_no,
  t.experiment_id || '.' || t.trial_no AS trial,
  t.state,
  t.seed,
  t.hparams,
  t.parameters,
  (
    SELECT count(*) FROM attempts AS a
    WHERE a.trial_id = t.trial_id AND a.kind = 'train'
  ) AS attempts,
  t.restarts,
  t.configuration_no,
  t.replicate_no,
  t.best_value,
  t.best_epoch,
  t.last_value,
  strftime('%Y-%m-%dT%H:%M:%fZ', t.started_at_ms / 1000.0, 'unixepoch') AS started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', t.ended_at_ms / 1000.0, 'unixepoch') AS ended_at,
  (
    SELECT coalesce(total(a.slots * (coalesce(a.ended_at_ms, a.last_report_at_ms, a.started_at_ms)
      - a.started_at_ms)) / 1000.0, 0.0)
    FROM attempts AS a
    WHERE a.trial_id = t.trial_id AND a.kind = 'train'
  ) AS slot_seconds,
  t.message,
  (
    SELECT p.experiment_id || '.' || p.trial_no FROM trials AS p
    WHERE p.trial_id = t.parent_trial_id
  ) AS parent,
  t.flops,
  t.time_done,
  t.run_until,
  nullif(t.infeasible, '') AS infeasible
FROM trials AS t;
CREATE VIEW v_workers AS
SELECT node_id, name, pool, state, slots, draining, labels
FROM nodes;
