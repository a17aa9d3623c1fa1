-- Schema version 2: the views that change (attempts that evaluate do not train; columns are added at
-- the end), and those of ensembles and of data sets.

-- Attempts that train and attempts that evaluate are numbered each for themselves.
DROP VIEW v_attempts;
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
  a.kind
FROM attempts AS a
JOIN trials AS t ON t.trial_id = a.trial_id;

DROP VIEW v_trials;
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
  t.message
FROM trials AS t;

DROP VIEW v_epochs;
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

DROP VIEW v_steps;
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

-- dataset: which data, if not the trial's own. labelled = 0: predictions without numbers.
DROP VIEW v_evaluations;
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

DROP VIEW v_leaderboard;
CREATE VIEW v_leaderboard AS
WITH board AS (
  SELECT
    t.*,
    e.name AS experiment,
    e.metric,
    t.experiment_id || '.' || t.trial_no AS trial,
    row_number() OVER (
      PARTITION BY t.experiment_id
      ORDER BY t.state = 'ERROR', t.best_value IS NULL,
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
  ) / 1000.0 AS wall_s
FROM board AS b
ORDER BY b.experiment_id, b.place;

DROP VIEW v_confusion;
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

-- true_class: NULL if it is not known. logit: NULL if it is not finite.
DROP VIEW v_logits;
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

-- Per item: the largest logit (ties: the first class; NaN is smallest) and the softmax in its
-- stable form. `top` is the float32's bits as an integer of the same order, times 2^20, plus
-- 2^20 - 1 - class.
DROP VIEW v_predictions;
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

-- A row per ensemble and evaluated split, with its own combiner; one row with a NULL split while
-- nothing has been evaluated. Other combiners are in v_ensemble_evaluations.
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

-- Members by position (from 0), then with a NULL position those that were left out.
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

-- Every combiner on every split; chosen = 1: the ensemble's own.
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

CREATE VIEW v_ensemble_weights AS
SELECT ensemble_id, combine, position, weight
FROM ensemble_weights;

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

-- The data of each trial, as its latest training attempt that said it loaded it.
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

-- How many pixels of a split have each value from 0 (background) to 255.
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
