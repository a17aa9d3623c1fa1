-- Schema version 3: search and scheduling. What may be changed of an experiment while it runs,
-- where trials come from and why they stopped, gangs over several nodes, nodes that are drained.
-- 0003_views.sql has the views.

-- archived: hidden from listings. max_slots: NULL = no limit. held_ms: slot time for which held
-- trials did not train.
ALTER TABLE experiments ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
ALTER TABLE experiments ADD COLUMN priority INTEGER NOT NULL DEFAULT 42;
ALTER TABLE experiments ADD COLUMN weight REAL NOT NULL DEFAULT 1.0;
ALTER TABLE experiments ADD COLUMN max_slots INTEGER NULL;
ALTER TABLE experiments ADD COLUMN save_experiment_best INTEGER NOT NULL DEFAULT 0;
ALTER TABLE experiments ADD COLUMN save_trial_best INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiments ADD COLUMN save_trial_latest INTEGER NOT NULL DEFAULT 1;
ALTER TABLE experiments ADD COLUMN held_ms INTEGER NOT NULL DEFAULT 0;
UPDATE experiments
SET
  priority = coalesce(json_extract(d.canonical_json, '$.resources.priority'), 42),
  weight = coalesce(json_extract(d.canonical_json, '$.resources.weight'), 1.0),
  max_slots = json_extract(d.canonical_json, '$.resources.max_slots'),
  save_experiment_best =
    coalesce(json_extract(d.canonical_json, '$.checkpoint_storage.save_experiment_best'), 0),
  save_trial_best =
    coalesce(json_extract(d.canonical_json, '$.checkpoint_storage.save_trial_best'), 1),
  save_trial_latest =
    coalesce(json_extract(d.canonical_json, '$.checkpoint_storage.save_trial_latest'), 1)
FROM documents AS d
WHERE d.experiment_id = experiments.experiment_id AND json_valid(d.canonical_json);

-- parent_trial_id: it began from that trial's last checkpoint. flops: forward, of one item.
-- time_done, run_until: in searcher.time_metric; run_until is where the trial is held for a
-- decision, NULL: its end. infeasible: which constraint its best validation violates, '': none.
ALTER TABLE trials ADD COLUMN parent_trial_id INTEGER NULL
  REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE trials ADD COLUMN flops INTEGER NULL;
ALTER TABLE trials ADD COLUMN time_done INTEGER NULL;
ALTER TABLE trials ADD COLUMN run_until INTEGER NULL;
ALTER TABLE trials ADD COLUMN infeasible TEXT NOT NULL DEFAULT '';

-- node_id: of rank 0. NULL: written by version 2 or older.
ALTER TABLE attempts ADD COLUMN node_id INTEGER NULL
  REFERENCES nodes (node_id) DEFERRABLE INITIALLY DEFERRED;
-- Only of attempts over several nodes: a row per node, part 0 has rank 0. slots is a JSON array of
-- slot indexes.
CREATE TABLE attempt_parts (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  part INTEGER NOT NULL,
  node_id INTEGER NOT NULL REFERENCES nodes (node_id) DEFERRABLE INITIALLY DEFERRED,
  slots TEXT NOT NULL CHECK (json_valid(slots)),
  PRIMARY KEY (attempt_id, part)
) STRICT, WITHOUT ROWID;

-- draining: gets no new work. labels: a JSON object of strings.
ALTER TABLE nodes ADD COLUMN draining INTEGER NOT NULL DEFAULT 0 CHECK (draining IN (0, 1));
ALTER TABLE nodes ADD COLUMN labels TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(labels));

-- The decision log is what `events` says of kind 'decision'.
CREATE INDEX events_decisions ON events (subject, seq) WHERE kind = 'decision';
