-- Schema version 3: the views that have new columns, at the end; and those of decisions and of the
-- queue.

-- objectives: a JSON array of {"metric", "smaller_is_better"} if there are several, else NULL.
-- held_slot_s: what waiting for decisions in a canonical order has cost.
DROP VIEW v_experiments;
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

-- node: of rank 0. nodes: how many; NULL where it is not known.
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
  a.kind,
  (SELECT n.name FROM nodes AS n WHERE n.node_id = a.node_id) AS node,
  iif(a.node_id IS NULL, NULL, max(1, (
    SELECT count(*) FROM attempt_parts AS p WHERE p.attempt_id = a.attempt_id
  ))) AS nodes
FROM attempts AS a
JOIN trials AS t ON t.trial_id = a.trial_id;

-- Those that keep to all constraints rank before those that do not, trials without a value after
-- both, failed ones last.
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

DROP VIEW v_workers;
CREATE VIEW v_workers AS
SELECT node_id, name, pool, state, slots, draining, labels
FROM nodes;

-- What was decided and why, in order. trial: NULL where it is about the experiment as a whole.
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

-- Experiments that are not over, in the order in which they get slots.
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
