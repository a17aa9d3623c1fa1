-- Schema version 2: ensembles, tasks (attempts that evaluate and do not train), evaluations on
-- other data, statistics of data sets. 0002_views.sql has the views.

-- evaluate: loads a checkpoint's weights for a prediction or an evaluation; its trial is unchanged.
ALTER TABLE attempts ADD COLUMN kind TEXT NOT NULL DEFAULT 'train'
  CHECK (kind IN ('train', 'evaluate'));

-- The data that an attempt loaded, once for all that loaded the same: sha256 is of the text, the
-- object `data` of the record `started`.
CREATE TABLE data_statistics (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT, WITHOUT ROWID;
ALTER TABLE attempts ADD COLUMN data_sha256 TEXT NULL
  REFERENCES data_statistics (sha256) DEFERRABLE INITIALLY DEFERRED;

-- The data an evaluation was measured on; NULL: the trial's own.
ALTER TABLE evaluations ADD COLUMN dataset TEXT NULL;
-- 0: nobody knows the true classes (labels are -1): predictions, but no numbers.
ALTER TABLE evaluations ADD COLUMN labelled INTEGER NOT NULL DEFAULT 1 CHECK (labelled IN (0, 1));

-- experiment_id and configuration_no are NULL where the ensemble is not of one.
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
CREATE INDEX ensembles_by_experiment ON ensembles (experiment_id);

-- checkpoint_name '': the trial's best.
CREATE TABLE ensemble_members (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  checkpoint_name TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE ensemble_left_out (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  i INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  reason TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, i)
) STRICT, WITHOUT ROWID;

-- chosen: the ensemble's own combiner; the others are there to compare. Numbers are NULL for a
-- split without labels, and where they are not finite.
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

-- What each combiner made of each member.
CREATE TABLE ensemble_weights (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  combine TEXT NOT NULL,
  position INTEGER NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (ensemble_id, combine, position)
) STRICT, WITHOUT ROWID;

-- Of the chosen combiner.
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
