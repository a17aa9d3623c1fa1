-- A database that Tutti 0.1.0 with schema version 2 wrote: experiment 1, four trials in two ensembles,
-- two epochs, on glyphs, and a task that evaluates trial 1.2 on other data; as `sqlite3 tutti.db .dump`
-- prints it, and the two numbers that say what it is.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE meta (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  incarnation INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  written_by TEXT NOT NULL
) STRICT;
INSERT INTO meta VALUES(1,2,'0.1.0','0.1.0');
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
INSERT INTO experiments VALUES(1,'golden','COMPLETED','validation_accuracy',0,0.5500000000000000444,1795254701271,1795254701947,'');
CREATE TABLE documents (
  experiment_id INTEGER PRIMARY KEY
    REFERENCES experiments (experiment_id) DEFERRABLE INITIALLY DEFERRED,
  raw_text TEXT NOT NULL,
  canonical_json TEXT NOT NULL,
  provenance_json TEXT NOT NULL,
  user_name TEXT NOT NULL
) STRICT;
INSERT INTO documents VALUES(1,replace('name: golden\ndata: {dataset: glyphs, options: {train: 200, test: 60, classes: 3}}\nmodel: {layers: [{conv: {out: 4, kernel: 3}}, relu, {max_pool: 4}, flatten, {linear: classes}]}\ntraining: {epochs: 2, batch_size: 32}\nhyperparameters: {training.optimizer.lr: {type: categorical, vals: [1e-3, 1e-2]}}\nsearcher: {name: grid, metric: validation_accuracy, smaller_is_better: false}\nensemble: {members: 2, combine: mean_probability, min_members: 2}\nevaluation: {splits: [test], predictions: best, curves: true}\n','\n',char(10)),'{"name":"golden","description":"","labels":[],"data":{"dataset":"glyphs","root":"","options":{"train":200,"test":60,"seed":0,"classes":3},"splits":{"validation":0.1},"classes":[],"augment":{"rotate":0.0,"shift":0.0,"zoom":0.0,"shear":0.0,"erase":0.0,"erase_area":0.1},"normalize":"scale","split_seed":0},"model":{"layers":[{"conv":{"out":4,"kernel":3}},"relu",{"max_pool":4},"flatten",{"linear":"classes"}]},"training":{"epochs":2,"batch_size":32,"optimizer":{"name":"adam","lr":0.001,"betas":[0.9,0.999],"eps":1e-08,"weight_decay":0.0,"momentum":0.0,"nesterov":false},"schedule":{"name":"constant","every":{"epochs":1},"gamma":0.1,"milestones":[],"min_lr":0.0,"cycles":1,"end_factor":0.0,"start_fraction":0.3,"div_factor":25.0,"final_div_factor":10000.0,"factor":0.1,"patience":10,"min_delta":1e-04,"warmup":{"epochs":0.0,"factor":0.01}},"gradient":{"accumulate":1},"freeze":[],"loss":{"name":"cross_entropy","label_smoothing":0.0},"precision":"fp32","on_nan":"stop"},"hyperparameters":{"training.optimizer.lr":{"type":"categorical","vals":[0.001,0.01]}},"searcher":{"name":"grid","metric":"validation_accuracy","smaller_is_better":false,"max_trials":1,"max_concurrent_trials":16,"time_metric":"epochs"},"replicates":2,"ensemble":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"evaluation":{"splits":["test"],"predictions":"best","curves":true},"resources":{"slots_per_trial":1,"priority":42,"weight":1.0,"resource_pool":"default","is_single_node":false},"checkpoint_storage":{"type":"coordinator","host_path":"","save_experiment_best":0,"save_trial_best":1,"save_trial_latest":1},"checkpoint_policy":"best","min_validation_period":{"epochs":1},"min_checkpoint_period":{"epochs":0},"max_restarts":5,"reproducibility":{"experiment_seed":0,"deterministic":false}}','{"name":"file","description":"default","labels":"default","data.dataset":"file","data.root":"default","data.options.train":"file","data.options.test":"file","data.options.seed":"default","data.options.classes":"file","data.splits.validation":"default","data.classes":"default","data.augment.rotate":"default","data.augment.shift":"default","data.augment.zoom":"default","data.augment.shear":"default","data.augment.erase":"default","data.augment.erase_area":"default","data.normalize":"default","model":"file","training.epochs":"file","training.batch_size":"file","training.optimizer.name":"default","training.optimizer.lr":"default","training.optimizer.betas":"default","training.optimizer.eps":"default","training.optimizer.weight_decay":"default","training.optimizer.momentum":"default","training.optimizer.nesterov":"default","training.schedule.name":"default","training.schedule.every.epochs":"default","training.schedule.gamma":"default","training.schedule.milestones":"default","training.schedule.min_lr":"default","training.schedule.cycles":"default","training.schedule.end_factor":"default","training.schedule.start_fraction":"default","training.schedule.div_factor":"default","training.schedule.final_div_factor":"default","training.schedule.factor":"default","training.schedule.patience":"default","training.schedule.min_delta":"default","training.schedule.warmup.epochs":"default","training.schedule.warmup.factor":"default","training.gradient.accumulate":"default","training.freeze":"default","training.loss.name":"default","training.loss.label_smoothing":"default","training.precision":"default","training.on_nan":"default","searcher.name":"file","searcher.metric":"file","searcher.smaller_is_better":"file","searcher.max_trials":"default","searcher.max_concurrent_trials":"default","searcher.time_metric":"default","replicates":"default","ensemble.members.replicates":"file","ensemble.combine":"file","ensemble.weights":"default","ensemble.min_members":"file","evaluation.splits":"file","evaluation.predictions":"file","evaluation.curves":"file","resources.slots_per_trial":"default","resources.priority":"default","resources.weight":"default","resources.resource_pool":"default","resources.is_single_node":"default","checkpoint_storage.type":"default","checkpoint_storage.host_path":"default","checkpoint_storage.save_experiment_best":"default","checkpoint_storage.save_trial_best":"default","checkpoint_storage.save_trial_latest":"default","checkpoint_policy":"default","min_validation_period.epochs":"default","min_checkpoint_period.epochs":"default","max_restarts":"default","reproducibility.experiment_seed":"default","reproducibility.deterministic":"default","data.split_seed":"default"}','');
CREATE TABLE nodes (
  node_id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  pool TEXT NOT NULL,
  state TEXT NOT NULL,
  slots INTEGER NOT NULL
) STRICT;
INSERT INTO nodes VALUES(1,'vm','default','ONLINE',2);
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
INSERT INTO trials VALUES(1,1,1,1,1,'COMPLETED',4713354149192560,'{"training.optimizer.lr":0.001}',475,0,0.34999999999999997779,0.34999999999999997779,1,1,3,1795254701705,1795254701836,'');
INSERT INTO trials VALUES(2,1,2,1,2,'COMPLETED',5677530527275929,'{"training.optimizer.lr":0.001}',475,0,0.5,0.34999999999999997779,1,2,4,1795254701725,1795254701828,'');
INSERT INTO trials VALUES(3,1,3,2,1,'COMPLETED',2289526369144504,'{"training.optimizer.lr":0.01}',475,0,0.4000000000000000222,0.4000000000000000222,2,7,7,1795254701836,1795254701920,'');
INSERT INTO trials VALUES(4,1,4,2,2,'COMPLETED',6816850451271357,'{"training.optimizer.lr":0.01}',475,0,0.5500000000000000444,0.5,1,6,8,1795254701840,1795254701932,'');
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
  REFERENCES data_statistics (sha256) DEFERRABLE INITIALLY DEFERRED) STRICT;
INSERT INTO attempts VALUES(1,1,1,1,9,1795254701836,'COMPLETED',NULL,1795254701705,1795254701836,1,'','',0,0,475,49536,'cpu','fp32',18.19509700000000052,'{"train":180,"validation":20,"test":60}','["0","1","2"]','completed','','',0,0,'train','9fdbf910ebdb0118d4a46c13795b9135d5a15b778636fc8c37c5085d99e4cb92');
INSERT INTO attempts VALUES(2,2,2,1,9,1795254701828,'COMPLETED',NULL,1795254701725,1795254701828,1,'','',0,0,475,49536,'cpu','fp32',15.531852000000000657,'{"train":180,"validation":20,"test":60}','["0","1","2"]','completed','','',0,0,'train','9fdbf910ebdb0118d4a46c13795b9135d5a15b778636fc8c37c5085d99e4cb92');
INSERT INTO attempts VALUES(3,3,2,1,9,1795254701920,'COMPLETED',NULL,1795254701836,1795254701920,1,'','',0,0,475,49536,'cpu','fp32',0.17750200000000002087,'{"train":180,"validation":20,"test":60}','["0","1","2"]','completed','','',0,0,'train','9fdbf910ebdb0118d4a46c13795b9135d5a15b778636fc8c37c5085d99e4cb92');
INSERT INTO attempts VALUES(4,4,1,1,9,1795254701932,'COMPLETED',NULL,1795254701840,1795254701932,1,'','',0,0,475,49536,'cpu','fp32',0.18557400000000001671,'{"train":180,"validation":20,"test":60}','["0","1","2"]','completed','','',0,0,'train','9fdbf910ebdb0118d4a46c13795b9135d5a15b778636fc8c37c5085d99e4cb92');
INSERT INTO attempts VALUES(5,2,3,2,4,1795254722561,'COMPLETED',NULL,1795254722536,1795254722561,1,'','',0,0,475,49536,'cpu',NULL,NULL,NULL,'["0","1","2"]','completed','','',0,0,'evaluate',NULL);
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
INSERT INTO epochs VALUES(1,3,1,6,1795254701772,0.0010000000000000000208,0.064813798000000005794,2777.1864256435023889,10.802299666666668187,0.0);
INSERT INTO epochs VALUES(1,6,2,12,1795254701812,0.0010000000000000000208,0.011005904000000000381,16354.858265163860778,1.8343173333333335772,0.0);
INSERT INTO epochs VALUES(2,3,1,6,1795254701788,0.0010000000000000000208,0.043585477999999996945,4129.8158987725228142,7.2642463333333324726,0.0);
INSERT INTO epochs VALUES(2,6,2,12,1795254701805,0.0010000000000000000208,0.0061138649999999995776,29441.278144021827757,1.0189774999999998694,0.0);
INSERT INTO epochs VALUES(3,3,1,6,1795254701836,0.010000000000000000208,0.0036784660000000000273,48933.441276880090299,0.61307766666666674293,0.0);
INSERT INTO epochs VALUES(3,6,2,12,1795254701896,0.010000000000000000208,0.016400635999999999686,10975.184133103131898,2.7334393333333331099,0.0);
INSERT INTO epochs VALUES(4,3,1,6,1795254701853,0.010000000000000000208,0.0045893119999999999053,39221.565236793663644,0.76488533333333330599,0.0);
INSERT INTO epochs VALUES(4,6,2,12,1795254701898,0.010000000000000000208,0.0038270650000000001542,47033.431624495533468,0.63784416666666665651,0.0);
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
INSERT INTO metrics VALUES(1,3,'train','accuracy',0.29444444444444445307,NULL);
INSERT INTO metrics VALUES(1,3,'train','loss',1.104907978905571797,NULL);
INSERT INTO metrics VALUES(1,3,'validation','accuracy',0.34999999999999997779,NULL);
INSERT INTO metrics VALUES(1,3,'validation','brier',0.65525718763284246382,NULL);
INSERT INTO metrics VALUES(1,3,'validation','ece',0.0029106163814068609398,NULL);
INSERT INTO metrics VALUES(1,3,'validation','loss',1.0816482050850133589,NULL);
INSERT INTO metrics VALUES(1,3,'validation','macro_ap',0.60607970460911630983,NULL);
INSERT INTO metrics VALUES(1,3,'validation','macro_auc',0.71245421245421247657,NULL);
INSERT INTO metrics VALUES(1,3,'validation','macro_f1',0.17948717948717948789,NULL);
INSERT INTO metrics VALUES(1,3,'validation','macro_precision',0.1228070175438596423,NULL);
INSERT INTO metrics VALUES(1,3,'validation','macro_recall',0.33333333333333331482,NULL);
INSERT INTO metrics VALUES(1,3,'validation','micro_ap',0.53880004478931486922,NULL);
INSERT INTO metrics VALUES(1,3,'validation','micro_auc',0.63249999999999995115,NULL);
INSERT INTO metrics VALUES(1,6,'train','accuracy',0.36111111111111110494,NULL);
INSERT INTO metrics VALUES(1,6,'train','loss',1.0896927939520941741,NULL);
INSERT INTO metrics VALUES(1,6,'validation','accuracy',0.34999999999999997779,NULL);
INSERT INTO metrics VALUES(1,6,'validation','brier',0.65040342353990043822,NULL);
INSERT INTO metrics VALUES(1,6,'validation','ece',0.0078973758011195542561,NULL);
INSERT INTO metrics VALUES(1,6,'validation','loss',1.0741402921094016509,NULL);
INSERT INTO metrics VALUES(1,6,'validation','macro_ap',0.69422198172198168464,NULL);
INSERT INTO metrics VALUES(1,6,'validation','macro_auc',0.77289377289377281243,NULL);
INSERT INTO metrics VALUES(1,6,'validation','macro_f1',0.17948717948717948789,NULL);
INSERT INTO metrics VALUES(1,6,'validation','macro_precision',0.1228070175438596423,NULL);
INSERT INTO metrics VALUES(1,6,'validation','macro_recall',0.33333333333333331482,NULL);
INSERT INTO metrics VALUES(1,6,'validation','micro_ap',0.55789606470389618841,NULL);
INSERT INTO metrics VALUES(1,6,'validation','micro_auc',0.65375000000000005329,NULL);
INSERT INTO metrics VALUES(2,3,'train','accuracy',0.43333333333333334813,NULL);
INSERT INTO metrics VALUES(2,3,'train','loss',1.0898224830627440962,NULL);
INSERT INTO metrics VALUES(2,3,'validation','accuracy',0.5,NULL);
INSERT INTO metrics VALUES(2,3,'validation','brier',0.66288641256136260349,NULL);
INSERT INTO metrics VALUES(2,3,'validation','ece',0.14747230337620384488,NULL);
INSERT INTO metrics VALUES(2,3,'validation','loss',1.0932398398443414766,NULL);
INSERT INTO metrics VALUES(2,3,'validation','macro_ap',0.43093703293283125432,NULL);
INSERT INTO metrics VALUES(2,3,'validation','macro_auc',0.55952380952380953438,NULL);
INSERT INTO metrics VALUES(2,3,'validation','macro_f1',0.3904761904761904212,NULL);
INSERT INTO metrics VALUES(2,3,'validation','macro_precision',0.34432234432234426479,NULL);
INSERT INTO metrics VALUES(2,3,'validation','macro_recall',0.47619047619047610853,NULL);
INSERT INTO metrics VALUES(2,3,'validation','micro_ap',0.44949569106225906178,NULL);
INSERT INTO metrics VALUES(2,3,'validation','micro_auc',0.59250000000000002664,NULL);
INSERT INTO metrics VALUES(2,6,'train','accuracy',0.41111111111111109384,NULL);
INSERT INTO metrics VALUES(2,6,'train','loss',1.0777290344238281694,NULL);
INSERT INTO metrics VALUES(2,6,'validation','accuracy',0.34999999999999997779,NULL);
INSERT INTO metrics VALUES(2,6,'validation','brier',0.6585154187166259998,NULL);
INSERT INTO metrics VALUES(2,6,'validation','ece',0.029139882120843806079,NULL);
INSERT INTO metrics VALUES(2,6,'validation','loss',1.0860984702486484732,NULL);
INSERT INTO metrics VALUES(2,6,'validation','macro_ap',0.49925526215884469261,NULL);
INSERT INTO metrics VALUES(2,6,'validation','macro_auc',0.64621489621489625054,NULL);
INSERT INTO metrics VALUES(2,6,'validation','macro_f1',0.18666666666666667517,NULL);
INSERT INTO metrics VALUES(2,6,'validation','macro_precision',0.12962962962962962243,NULL);
INSERT INTO metrics VALUES(2,6,'validation','macro_recall',0.33333333333333331482,NULL);
INSERT INTO metrics VALUES(2,6,'validation','micro_ap',0.43353722692940721561,NULL);
INSERT INTO metrics VALUES(2,6,'validation','micro_auc',0.56874999999999997779,NULL);
INSERT INTO metrics VALUES(3,3,'train','accuracy',0.30555555555555558022,NULL);
INSERT INTO metrics VALUES(3,3,'train','loss',1.1221305847167968305,NULL);
INSERT INTO metrics VALUES(3,3,'validation','accuracy',0.29999999999999998889,NULL);
INSERT INTO metrics VALUES(3,3,'validation','brier',0.6670959759712598025,NULL);
INSERT INTO metrics VALUES(3,3,'validation','ece',0.067387222282535089168,NULL);
INSERT INTO metrics VALUES(3,3,'validation','loss',1.0993345008476189672,NULL);
INSERT INTO metrics VALUES(3,3,'validation','macro_ap',0.66790831001357320317,NULL);
INSERT INTO metrics VALUES(3,3,'validation','macro_auc',0.71611721611721612656,NULL);
INSERT INTO metrics VALUES(3,3,'validation','macro_f1',0.15384615384615385469,NULL);
INSERT INTO metrics VALUES(3,3,'validation','macro_precision',0.099999999999999991673,NULL);
INSERT INTO metrics VALUES(3,3,'validation','macro_recall',0.33333333333333331482,NULL);
INSERT INTO metrics VALUES(3,3,'validation','micro_ap',0.45669200728740122485,NULL);
INSERT INTO metrics VALUES(3,3,'validation','micro_auc',0.54625000000000001332,NULL);
INSERT INTO metrics VALUES(3,6,'train','accuracy',0.33888888888888890615,NULL);
INSERT INTO metrics VALUES(3,6,'train','loss',1.0846319940355089173,NULL);
INSERT INTO metrics VALUES(3,6,'validation','accuracy',0.4000000000000000222,NULL);
INSERT INTO metrics VALUES(3,6,'validation','brier',0.64781593746484245066,NULL);
INSERT INTO metrics VALUES(3,6,'validation','ece',0.030782501219677717296,NULL);
INSERT INTO metrics VALUES(3,6,'validation','loss',1.0703965921291065388,NULL);
INSERT INTO metrics VALUES(3,6,'validation','macro_ap',0.76860355253212386816,NULL);
INSERT INTO metrics VALUES(3,6,'validation','macro_auc',0.85103785103785101195,NULL);
INSERT INTO metrics VALUES(3,6,'validation','macro_f1',0.26282051282051283047,NULL);
INSERT INTO metrics VALUES(3,6,'validation','macro_precision',0.45614035087719301264,NULL);
INSERT INTO metrics VALUES(3,6,'validation','macro_recall',0.38095238095238093123,NULL);
INSERT INTO metrics VALUES(3,6,'validation','micro_ap',0.51676303243214216642,NULL);
INSERT INTO metrics VALUES(3,6,'validation','micro_auc',0.6500000000000000222,NULL);
INSERT INTO metrics VALUES(4,3,'train','accuracy',0.32777777777777777901,NULL);
INSERT INTO metrics VALUES(4,3,'train','loss',1.0956013149685330798,NULL);
INSERT INTO metrics VALUES(4,3,'validation','accuracy',0.5500000000000000444,NULL);
INSERT INTO metrics VALUES(4,3,'validation','brier',0.63666000364206343231,NULL);
INSERT INTO metrics VALUES(4,3,'validation','ece',0.1669406327269472301,NULL);
INSERT INTO metrics VALUES(4,3,'validation','loss',1.0538167795315980246,NULL);
INSERT INTO metrics VALUES(4,3,'validation','macro_ap',0.88619872191300774755,NULL);
INSERT INTO metrics VALUES(4,3,'validation','macro_auc',0.92979242979242970879,NULL);
INSERT INTO metrics VALUES(4,3,'validation','macro_f1',0.43846153846153845812,NULL);
INSERT INTO metrics VALUES(4,3,'validation','macro_precision',0.36996336996336998126,NULL);
INSERT INTO metrics VALUES(4,3,'validation','macro_recall',0.5555555555555554692,NULL);
INSERT INTO metrics VALUES(4,3,'validation','micro_ap',0.61234500353430176833,NULL);
INSERT INTO metrics VALUES(4,3,'validation','micro_auc',0.70874999999999999111,NULL);
INSERT INTO metrics VALUES(4,6,'train','accuracy',0.39444444444444443087,NULL);
INSERT INTO metrics VALUES(4,6,'train','loss',1.0125366422865125226,NULL);
INSERT INTO metrics VALUES(4,6,'validation','accuracy',0.5,NULL);
INSERT INTO metrics VALUES(4,6,'validation','brier',0.57636659226745212691,NULL);
INSERT INTO metrics VALUES(4,6,'validation','ece',0.097650592603416269676,NULL);
INSERT INTO metrics VALUES(4,6,'validation','loss',0.95796534272157463085,NULL);
INSERT INTO metrics VALUES(4,6,'validation','macro_ap',0.88781694495980223447,NULL);
INSERT INTO metrics VALUES(4,6,'validation','macro_auc',0.9377289377289376171,NULL);
INSERT INTO metrics VALUES(4,6,'validation','macro_f1',0.44444444444444447528,NULL);
INSERT INTO metrics VALUES(4,6,'validation','macro_precision',0.80392156862745089984,NULL);
INSERT INTO metrics VALUES(4,6,'validation','macro_recall',0.49206349206349203617,NULL);
INSERT INTO metrics VALUES(4,6,'validation','micro_ap',0.59376358863356148987,NULL);
INSERT INTO metrics VALUES(4,6,'validation','micro_auc',0.75124999999999997335,NULL);
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
INSERT INTO metric_summary VALUES(1,'train','accuracy',2,0.36111111111111110494,1,0.29444444444444445307,2,0.36111111111111110494);
INSERT INTO metric_summary VALUES(1,'train','loss',2,1.0896927939520941741,2,1.0896927939520941741,1,1.104907978905571797);
INSERT INTO metric_summary VALUES(1,'validation','accuracy',2,0.34999999999999997779,1,0.34999999999999997779,1,0.34999999999999997779);
INSERT INTO metric_summary VALUES(1,'validation','brier',2,0.65040342353990043822,2,0.65040342353990043822,1,0.65525718763284246382);
INSERT INTO metric_summary VALUES(1,'validation','ece',2,0.0078973758011195542561,1,0.0029106163814068609398,2,0.0078973758011195542561);
INSERT INTO metric_summary VALUES(1,'validation','loss',2,1.0741402921094016509,2,1.0741402921094016509,1,1.0816482050850133589);
INSERT INTO metric_summary VALUES(1,'validation','macro_ap',2,0.69422198172198168464,1,0.60607970460911630983,2,0.69422198172198168464);
INSERT INTO metric_summary VALUES(1,'validation','macro_auc',2,0.77289377289377281243,1,0.71245421245421247657,2,0.77289377289377281243);
INSERT INTO metric_summary VALUES(1,'validation','macro_f1',2,0.17948717948717948789,1,0.17948717948717948789,1,0.17948717948717948789);
INSERT INTO metric_summary VALUES(1,'validation','macro_precision',2,0.1228070175438596423,1,0.1228070175438596423,1,0.1228070175438596423);
INSERT INTO metric_summary VALUES(1,'validation','macro_recall',2,0.33333333333333331482,1,0.33333333333333331482,1,0.33333333333333331482);
INSERT INTO metric_summary VALUES(1,'validation','micro_ap',2,0.55789606470389618841,1,0.53880004478931486922,2,0.55789606470389618841);
INSERT INTO metric_summary VALUES(1,'validation','micro_auc',2,0.65375000000000005329,1,0.63249999999999995115,2,0.65375000000000005329);
INSERT INTO metric_summary VALUES(2,'train','accuracy',2,0.41111111111111109384,2,0.41111111111111109384,1,0.43333333333333334813);
INSERT INTO metric_summary VALUES(2,'train','loss',2,1.0777290344238281694,2,1.0777290344238281694,1,1.0898224830627440962);
INSERT INTO metric_summary VALUES(2,'validation','accuracy',2,0.34999999999999997779,2,0.34999999999999997779,1,0.5);
INSERT INTO metric_summary VALUES(2,'validation','brier',2,0.6585154187166259998,2,0.6585154187166259998,1,0.66288641256136260349);
INSERT INTO metric_summary VALUES(2,'validation','ece',2,0.029139882120843806079,2,0.029139882120843806079,1,0.14747230337620384488);
INSERT INTO metric_summary VALUES(2,'validation','loss',2,1.0860984702486484732,2,1.0860984702486484732,1,1.0932398398443414766);
INSERT INTO metric_summary VALUES(2,'validation','macro_ap',2,0.49925526215884469261,1,0.43093703293283125432,2,0.49925526215884469261);
INSERT INTO metric_summary VALUES(2,'validation','macro_auc',2,0.64621489621489625054,1,0.55952380952380953438,2,0.64621489621489625054);
INSERT INTO metric_summary VALUES(2,'validation','macro_f1',2,0.18666666666666667517,2,0.18666666666666667517,1,0.3904761904761904212);
INSERT INTO metric_summary VALUES(2,'validation','macro_precision',2,0.12962962962962962243,2,0.12962962962962962243,1,0.34432234432234426479);
INSERT INTO metric_summary VALUES(2,'validation','macro_recall',2,0.33333333333333331482,2,0.33333333333333331482,1,0.47619047619047610853);
INSERT INTO metric_summary VALUES(2,'validation','micro_ap',2,0.43353722692940721561,2,0.43353722692940721561,1,0.44949569106225906178);
INSERT INTO metric_summary VALUES(2,'validation','micro_auc',2,0.56874999999999997779,2,0.56874999999999997779,1,0.59250000000000002664);
INSERT INTO metric_summary VALUES(3,'train','accuracy',2,0.33888888888888890615,1,0.30555555555555558022,2,0.33888888888888890615);
INSERT INTO metric_summary VALUES(3,'train','loss',2,1.0846319940355089173,2,1.0846319940355089173,1,1.1221305847167968305);
INSERT INTO metric_summary VALUES(3,'validation','accuracy',2,0.4000000000000000222,1,0.29999999999999998889,2,0.4000000000000000222);
INSERT INTO metric_summary VALUES(3,'validation','brier',2,0.64781593746484245066,2,0.64781593746484245066,1,0.6670959759712598025);
INSERT INTO metric_summary VALUES(3,'validation','ece',2,0.030782501219677717296,2,0.030782501219677717296,1,0.067387222282535089168);
INSERT INTO metric_summary VALUES(3,'validation','loss',2,1.0703965921291065388,2,1.0703965921291065388,1,1.0993345008476189672);
INSERT INTO metric_summary VALUES(3,'validation','macro_ap',2,0.76860355253212386816,1,0.66790831001357320317,2,0.76860355253212386816);
INSERT INTO metric_summary VALUES(3,'validation','macro_auc',2,0.85103785103785101195,1,0.71611721611721612656,2,0.85103785103785101195);
INSERT INTO metric_summary VALUES(3,'validation','macro_f1',2,0.26282051282051283047,1,0.15384615384615385469,2,0.26282051282051283047);
INSERT INTO metric_summary VALUES(3,'validation','macro_precision',2,0.45614035087719301264,1,0.099999999999999991673,2,0.45614035087719301264);
INSERT INTO metric_summary VALUES(3,'validation','macro_recall',2,0.38095238095238093123,1,0.33333333333333331482,2,0.38095238095238093123);
INSERT INTO metric_summary VALUES(3,'validation','micro_ap',2,0.51676303243214216642,1,0.45669200728740122485,2,0.51676303243214216642);
INSERT INTO metric_summary VALUES(3,'validation','micro_auc',2,0.6500000000000000222,1,0.54625000000000001332,2,0.6500000000000000222);
INSERT INTO metric_summary VALUES(4,'train','accuracy',2,0.39444444444444443087,1,0.32777777777777777901,2,0.39444444444444443087);
INSERT INTO metric_summary VALUES(4,'train','loss',2,1.0125366422865125226,2,1.0125366422865125226,1,1.0956013149685330798);
INSERT INTO metric_summary VALUES(4,'validation','accuracy',2,0.5,2,0.5,1,0.5500000000000000444);
INSERT INTO metric_summary VALUES(4,'validation','brier',2,0.57636659226745212691,2,0.57636659226745212691,1,0.63666000364206343231);
INSERT INTO metric_summary VALUES(4,'validation','ece',2,0.097650592603416269676,2,0.097650592603416269676,1,0.1669406327269472301);
INSERT INTO metric_summary VALUES(4,'validation','loss',2,0.95796534272157463085,2,0.95796534272157463085,1,1.0538167795315980246);
INSERT INTO metric_summary VALUES(4,'validation','macro_ap',2,0.88781694495980223447,1,0.88619872191300774755,2,0.88781694495980223447);
INSERT INTO metric_summary VALUES(4,'validation','macro_auc',2,0.9377289377289376171,1,0.92979242979242970879,2,0.9377289377289376171);
INSERT INTO metric_summary VALUES(4,'validation','macro_f1',2,0.44444444444444447528,1,0.43846153846153845812,2,0.44444444444444447528);
INSERT INTO metric_summary VALUES(4,'validation','macro_precision',2,0.80392156862745089984,1,0.36996336996336998126,2,0.80392156862745089984);
INSERT INTO metric_summary VALUES(4,'validation','macro_recall',2,0.49206349206349203617,2,0.49206349206349203617,1,0.5555555555555554692);
INSERT INTO metric_summary VALUES(4,'validation','micro_ap',2,0.59376358863356148987,2,0.59376358863356148987,1,0.61234500353430176833);
INSERT INTO metric_summary VALUES(4,'validation','micro_auc',2,0.75124999999999997335,1,0.70874999999999999111,2,0.75124999999999997335);
CREATE TABLE steps (
  attempt_id INTEGER NOT NULL REFERENCES attempts (attempt_id) DEFERRABLE INITIALLY DEFERRED,
  step INTEGER NOT NULL,
  loss REAL NULL,
  loss_nonfinite TEXT NULL CHECK (loss_nonfinite IN ('nan', 'inf', '-inf')),
  lr REAL NULL,
  PRIMARY KEY (attempt_id, step)
) STRICT, WITHOUT ROWID;
INSERT INTO steps VALUES(1,1,1.1108262538909912109,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,2,1.0943217277526855468,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,3,1.1291162967681884765,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,4,1.1039105653762817382,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,5,1.0771085023880004882,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,6,1.119718456268310458,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,7,1.0981497764587402343,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,8,1.1050010919570922851,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,9,1.0901138782501220703,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,10,1.077701568603515625,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,11,1.0826799869537353515,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(1,12,1.0814010620117187055,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,1,1.076669931411743164,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,2,1.0910798311233520507,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,3,1.0922372341156005859,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,4,1.080305337905883789,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,5,1.1184716224670410156,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,6,1.0743800163269043856,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,7,1.0548938512802124023,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,8,1.0850021839141845703,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,9,1.065704345703125,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,10,1.079326033592224121,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,11,1.0926945209503173828,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(2,12,1.0953678131103514736,NULL,0.0010000000000000000208);
INSERT INTO steps VALUES(3,1,1.0991153717041015625,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,2,1.0658520460128784179,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,3,1.1380517482757568359,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,4,1.1602921485900878906,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,5,1.1555019617080688476,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,6,1.1090740203857420986,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,7,1.0756939649581909179,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,8,1.0823234319686889648,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,9,1.1114159822463989257,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,10,1.0901154279708862304,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,11,1.0681011676788330078,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(3,12,1.0774479866027832919,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,1,1.1066825389862060546,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,2,1.1082166433334350585,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,3,1.0790300369262695312,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,4,1.0806480646133422851,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,5,1.1105372905731201171,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,6,1.084228515625,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,7,1.0565750598907470703,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,8,1.0449669361114501953,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,9,0.99542003870010375976,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,10,1.011944890022277832,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,11,1.0302294492721557617,NULL,0.010000000000000000208);
INSERT INTO steps VALUES(4,12,0.89021158218383789062,NULL,0.010000000000000000208);
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
INSERT INTO checkpoints VALUES(1,1,'1/1/1-step-6',1,6,7991,'f9c519af35c655f7b99ec905e181286040cc3e0a0e016c8242eaf4d01849ebb8',0.34999999999999997779,1,0,'COMMITTED',1795254701797);
INSERT INTO checkpoints VALUES(2,2,'1/2/2-step-6',1,6,7990,'7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414',0.5,1,0,'COMMITTED',1795254701797);
INSERT INTO checkpoints VALUES(3,1,'1/1/1-step-12',2,12,8069,'233d642ffe632f3f3ca1a83a7097c63064f3ae272d6d7d3c3fc938d02f65e933',NULL,0,1,'COMMITTED',1795254701825);
INSERT INTO checkpoints VALUES(4,2,'1/2/2-step-12',2,12,8068,'9635ad671f9ae1d0c008940366870385d113472e984802b3a2622ae2d49c2db7',NULL,0,1,'COMMITTED',1795254701826);
INSERT INTO checkpoints VALUES(5,3,'1/3/3-step-6',1,6,7990,'ef7576c4b7adf7197ccf3f9794b115a9fb29e235728bc7036f441257d0a01129',0.29999999999999998889,1,0,'DELETING',1795254701860);
INSERT INTO checkpoints VALUES(6,4,'1/4/4-step-6',1,6,7991,'2cf16fcd28299d8f47ade1414c4ceabb7f3796facd7d85dcd7dcadaaabf8ec15',0.5500000000000000444,1,0,'COMMITTED',1795254701888);
INSERT INTO checkpoints VALUES(7,3,'1/3/3-step-12',2,12,7993,'96be7a6e01c0e1739e1ff82c75e6ac67eae90c517d766101516f2743e2b4cf63',0.4000000000000000222,1,1,'COMMITTED',1795254701919);
INSERT INTO checkpoints VALUES(8,4,'1/4/4-step-12',2,12,8069,'18cf5c4437cc6a704d7b845d73fe20c25283e14f72381c43d9ea5de58d84ec29',NULL,0,1,'COMMITTED',1795254701931);
CREATE TABLE splits (
  split_id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  n INTEGER NOT NULL
) STRICT;
INSERT INTO splits VALUES(1,'bd3be2125c036141d1817f1d608bfb41a224630244db629497ba416d59d6851d',60);
INSERT INTO splits VALUES(2,'a800f68c55f97c1c79a1c071535271686834262e9cfda88c62133d31b19ddfa9',30);
CREATE TABLE split_items (
  split_id INTEGER NOT NULL REFERENCES splits (split_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  item INTEGER NOT NULL,
  label INTEGER NOT NULL,
  PRIMARY KEY (split_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO split_items VALUES(1,0,0,0);
INSERT INTO split_items VALUES(1,1,1,1);
INSERT INTO split_items VALUES(1,2,2,2);
INSERT INTO split_items VALUES(1,3,3,0);
INSERT INTO split_items VALUES(1,4,4,1);
INSERT INTO split_items VALUES(1,5,5,2);
INSERT INTO split_items VALUES(1,6,6,0);
INSERT INTO split_items VALUES(1,7,7,1);
INSERT INTO split_items VALUES(1,8,8,2);
INSERT INTO split_items VALUES(1,9,9,0);
INSERT INTO split_items VALUES(1,10,10,1);
INSERT INTO split_items VALUES(1,11,11,2);
INSERT INTO split_items VALUES(1,12,12,0);
INSERT INTO split_items VALUES(1,13,13,1);
INSERT INTO split_items VALUES(1,14,14,2);
INSERT INTO split_items VALUES(1,15,15,0);
INSERT INTO split_items VALUES(1,16,16,1);
INSERT INTO split_items VALUES(1,17,17,2);
INSERT INTO split_items VALUES(1,18,18,0);
INSERT INTO split_items VALUES(1,19,19,1);
INSERT INTO split_items VALUES(1,20,20,2);
INSERT INTO split_items VALUES(1,21,21,0);
INSERT INTO split_items VALUES(1,22,22,1);
INSERT INTO split_items VALUES(1,23,23,2);
INSERT INTO split_items VALUES(1,24,24,0);
INSERT INTO split_items VALUES(1,25,25,1);
INSERT INTO split_items VALUES(1,26,26,2);
INSERT INTO split_items VALUES(1,27,27,0);
INSERT INTO split_items VALUES(1,28,28,1);
INSERT INTO split_items VALUES(1,29,29,2);
INSERT INTO split_items VALUES(1,30,30,0);
INSERT INTO split_items VALUES(1,31,31,1);
INSERT INTO split_items VALUES(1,32,32,2);
INSERT INTO split_items VALUES(1,33,33,0);
INSERT INTO split_items VALUES(1,34,34,1);
INSERT INTO split_items VALUES(1,35,35,2);
INSERT INTO split_items VALUES(1,36,36,0);
INSERT INTO split_items VALUES(1,37,37,1);
INSERT INTO split_items VALUES(1,38,38,2);
INSERT INTO split_items VALUES(1,39,39,0);
INSERT INTO split_items VALUES(1,40,40,1);
INSERT INTO split_items VALUES(1,41,41,2);
INSERT INTO split_items VALUES(1,42,42,0);
INSERT INTO split_items VALUES(1,43,43,1);
INSERT INTO split_items VALUES(1,44,44,2);
INSERT INTO split_items VALUES(1,45,45,0);
INSERT INTO split_items VALUES(1,46,46,1);
INSERT INTO split_items VALUES(1,47,47,2);
INSERT INTO split_items VALUES(1,48,48,0);
INSERT INTO split_items VALUES(1,49,49,1);
INSERT INTO split_items VALUES(1,50,50,2);
INSERT INTO split_items VALUES(1,51,51,0);
INSERT INTO split_items VALUES(1,52,52,1);
INSERT INTO split_items VALUES(1,53,53,2);
INSERT INTO split_items VALUES(1,54,54,0);
INSERT INTO split_items VALUES(1,55,55,1);
INSERT INTO split_items VALUES(1,56,56,2);
INSERT INTO split_items VALUES(1,57,57,0);
INSERT INTO split_items VALUES(1,58,58,1);
INSERT INTO split_items VALUES(1,59,59,2);
INSERT INTO split_items VALUES(2,0,0,0);
INSERT INTO split_items VALUES(2,1,1,1);
INSERT INTO split_items VALUES(2,2,2,2);
INSERT INTO split_items VALUES(2,3,3,0);
INSERT INTO split_items VALUES(2,4,4,1);
INSERT INTO split_items VALUES(2,5,5,2);
INSERT INTO split_items VALUES(2,6,6,0);
INSERT INTO split_items VALUES(2,7,7,1);
INSERT INTO split_items VALUES(2,8,8,2);
INSERT INTO split_items VALUES(2,9,9,0);
INSERT INTO split_items VALUES(2,10,10,1);
INSERT INTO split_items VALUES(2,11,11,2);
INSERT INTO split_items VALUES(2,12,12,0);
INSERT INTO split_items VALUES(2,13,13,1);
INSERT INTO split_items VALUES(2,14,14,2);
INSERT INTO split_items VALUES(2,15,15,0);
INSERT INTO split_items VALUES(2,16,16,1);
INSERT INTO split_items VALUES(2,17,17,2);
INSERT INTO split_items VALUES(2,18,18,0);
INSERT INTO split_items VALUES(2,19,19,1);
INSERT INTO split_items VALUES(2,20,20,2);
INSERT INTO split_items VALUES(2,21,21,0);
INSERT INTO split_items VALUES(2,22,22,1);
INSERT INTO split_items VALUES(2,23,23,2);
INSERT INTO split_items VALUES(2,24,24,0);
INSERT INTO split_items VALUES(2,25,25,1);
INSERT INTO split_items VALUES(2,26,26,2);
INSERT INTO split_items VALUES(2,27,27,0);
INSERT INTO split_items VALUES(2,28,28,1);
INSERT INTO split_items VALUES(2,29,29,2);
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
INSERT INTO evaluations VALUES(1,2,8,1795254701828,'test',1,6,'1/2/2-step-6',1,60,3,0.48333333333333333703,1.0869195761087675489,0.60750000000000003996,0.58625000000000004884,0.49849338306800711206,0.46087653425204100354,0.33796296296296296501,0.48333333333333333703,0.39393939393939386706,0.12488315301666221002,0.65838302748374133432,NULL,NULL,1);
INSERT INTO evaluations VALUES(2,1,8,1795254701829,'test',1,6,'1/1/1-step-6',1,60,3,0.33333333333333331482,1.0944903086738742015,0.62416666666666664742,0.56055555555555558466,0.48599228110507136646,0.4389848817672717951,0.1964285714285714246,0.33333333333333331482,0.19444444444444444752,0.023620355333826795196,0.66345822320084946177,NULL,NULL,1);
INSERT INTO evaluations VALUES(3,3,8,1795254701920,'test',2,12,'1/3/3-step-12',1,60,3,0.46666666666666667406,1.0710169849137343156,0.87333333333333340586,0.65111111111111108495,0.81329407694003175155,0.55457482237561883664,0.4270152505446622726,0.46666666666666661855,0.37170147320705843041,0.093844201784733030646,0.64771610351358643864,NULL,NULL,1);
INSERT INTO evaluations VALUES(4,4,8,1795254701932,'test',1,6,'1/4/4-step-6',1,60,3,0.53333333333333332593,1.0379966842803483029,0.91083333333333327264,0.71486111111111105831,0.87855769746863776603,0.6538039117910403597,0.375,0.53333333333333332593,0.4277777777777777568,0.14628466229177336521,0.62522780143577649791,NULL,NULL,1);
INSERT INTO evaluations VALUES(5,5,2,1795254722561,'test',1,6,'1/2/2-step-6',2,30,3,0.46666666666666667406,1.0881367328421418516,0.61166666666666669183,0.58388888888888890171,0.52205436817980543917,0.44563744939380101062,0.32277526395173455897,0.46666666666666661855,0.38003220611916260773,0.10698039796100845821,0.65937616457755376941,NULL,'glyphs',1);
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
INSERT INTO class_metrics VALUES(1,0,0.38888888888888889505,0.69999999999999995559,0.5,20,0.6187500000000000222,0.49074316765501257986);
INSERT INTO class_metrics VALUES(1,1,0.625,0.75,0.68181818181818176771,20,0.76500000000000001332,0.67813521818592459311);
INSERT INTO class_metrics VALUES(1,2,0.0,0.0,0.0,20,0.43874999999999997335,0.32660176336308388567);
INSERT INTO class_metrics VALUES(2,0,0.33928571428571430157,0.94999999999999995559,0.5,20,0.73375000000000001332,0.61094736389643222729);
INSERT INTO class_metrics VALUES(2,1,0.25,0.050000000000000002775,0.083333333333333328707,20,0.6187500000000000222,0.38207420444638717782);
INSERT INTO class_metrics VALUES(2,2,0.0,0.0,0.0,20,0.52000000000000001776,0.46495527497239469427);
INSERT INTO class_metrics VALUES(3,0,0.88888888888888883954,0.4000000000000000222,0.5517241379310344751,20,0.88875000000000003996,0.84036129681757765208);
INSERT INTO class_metrics VALUES(3,1,0.39215686274509803377,1.0,0.56338028169014087165,20,0.88375000000000003552,0.81134710428035194951);
INSERT INTO class_metrics VALUES(3,2,0.0,0.0,0.0,20,0.84750000000000003108,0.78817382972216543102);
INSERT INTO class_metrics VALUES(4,0,0.47499999999999997779,0.94999999999999995559,0.63333333333333330372,20,0.85624999999999995559,0.80333994805989694665);
INSERT INTO class_metrics VALUES(4,1,0.0,0.0,0.0,20,0.92625000000000001776,0.9097841874944275764);
INSERT INTO class_metrics VALUES(4,2,0.6500000000000000222,0.6500000000000000222,0.6500000000000000222,20,0.94999999999999995559,0.92254895685158866402);
INSERT INTO class_metrics VALUES(5,0,0.35294117647058825815,0.59999999999999997779,0.44444444444444441977,10,0.54500000000000003996,0.46085499557913350843);
INSERT INTO class_metrics VALUES(5,1,0.61538461538461541877,0.8000000000000000444,0.69565217391304345895,10,0.74499999999999999555,0.66111335926553305153);
INSERT INTO class_metrics VALUES(5,2,0.0,0.0,0.0,10,0.54500000000000003996,0.44419474969474953551);
CREATE TABLE confusion (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  true_class INTEGER NOT NULL,
  predicted_class INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (evaluation_id, true_class, predicted_class)
) STRICT, WITHOUT ROWID;
INSERT INTO confusion VALUES(1,0,0,14);
INSERT INTO confusion VALUES(1,0,1,6);
INSERT INTO confusion VALUES(1,1,0,5);
INSERT INTO confusion VALUES(1,1,1,15);
INSERT INTO confusion VALUES(1,2,0,17);
INSERT INTO confusion VALUES(1,2,1,3);
INSERT INTO confusion VALUES(2,0,0,19);
INSERT INTO confusion VALUES(2,0,1,1);
INSERT INTO confusion VALUES(2,1,0,19);
INSERT INTO confusion VALUES(2,1,1,1);
INSERT INTO confusion VALUES(2,2,0,18);
INSERT INTO confusion VALUES(2,2,1,2);
INSERT INTO confusion VALUES(3,0,0,8);
INSERT INTO confusion VALUES(3,0,1,12);
INSERT INTO confusion VALUES(3,1,1,20);
INSERT INTO confusion VALUES(3,2,0,1);
INSERT INTO confusion VALUES(3,2,1,19);
INSERT INTO confusion VALUES(4,0,0,19);
INSERT INTO confusion VALUES(4,0,2,1);
INSERT INTO confusion VALUES(4,1,0,14);
INSERT INTO confusion VALUES(4,1,2,6);
INSERT INTO confusion VALUES(4,2,0,7);
INSERT INTO confusion VALUES(4,2,2,13);
INSERT INTO confusion VALUES(5,0,0,6);
INSERT INTO confusion VALUES(5,0,1,4);
INSERT INTO confusion VALUES(5,1,0,2);
INSERT INTO confusion VALUES(5,1,1,8);
INSERT INTO confusion VALUES(5,2,0,9);
INSERT INTO confusion VALUES(5,2,1,1);
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
INSERT INTO curve_points VALUES(1,'pr',-1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(1,'pr',-1,1,0.0,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(1,'pr',-1,2,0.016666666666666666435,0.5,0.39189978149086884817);
INSERT INTO curve_points VALUES(1,'pr',-1,3,0.03333333333333333287,0.66666666666666662965,0.38340499820253409746);
INSERT INTO curve_points VALUES(1,'pr',-1,4,0.050000000000000002775,0.75,0.38222077063581161304);
INSERT INTO curve_points VALUES(1,'pr',-1,5,0.066666666666666665741,0.8000000000000000444,0.38185211927986373314);
INSERT INTO curve_points VALUES(1,'pr',-1,6,0.066666666666666665741,0.57142857142857139685,0.37226738492983557637);
INSERT INTO curve_points VALUES(1,'pr',-1,7,0.083333333333333328707,0.625,0.37160429638500874771);
INSERT INTO curve_points VALUES(1,'pr',-1,8,0.10000000000000000555,0.66666666666666662965,0.37023973437680351983);
INSERT INTO curve_points VALUES(1,'pr',-1,9,0.11666666666666666851,0.69999999999999995559,0.36974171541834360832);
INSERT INTO curve_points VALUES(1,'pr',-1,10,0.13333333333333333148,0.72727272727272729291,0.36592654152519782373);
INSERT INTO curve_points VALUES(1,'pr',-1,11,0.14999999999999999444,0.75,0.36563243498939035358);
INSERT INTO curve_points VALUES(1,'pr',-1,12,0.14999999999999999444,0.5625,0.3643600974138046511);
INSERT INTO curve_points VALUES(1,'pr',-1,13,0.16666666666666665741,0.58823529411764707841,0.3642197706910144106);
INSERT INTO curve_points VALUES(1,'pr',-1,14,0.16666666666666665741,0.5263157894736841813,0.36400674982674713353);
INSERT INTO curve_points VALUES(1,'pr',-1,15,0.18333333333333332038,0.5500000000000000444,0.36346380082492085739);
INSERT INTO curve_points VALUES(1,'pr',-1,16,0.18333333333333332038,0.52380952380952383595,0.36319401290156416717);
INSERT INTO curve_points VALUES(1,'pr',-1,17,0.2000000000000000111,0.54545454545454541417,0.36279636803398135347);
INSERT INTO curve_points VALUES(1,'pr',-1,18,0.2000000000000000111,0.5,0.36031195097495777313);
INSERT INTO curve_points VALUES(1,'pr',-1,19,0.21666666666666667406,0.52000000000000001776,0.3595702020471084892);
INSERT INTO curve_points VALUES(1,'pr',-1,20,0.21666666666666667406,0.5,0.35945820234909692247);
INSERT INTO curve_points VALUES(1,'pr',-1,21,0.23333333333333333703,0.51851851851851848973,0.35926946887772898131);
INSERT INTO curve_points VALUES(1,'pr',-1,22,0.23333333333333333703,0.5,0.35841797972615135892);
INSERT INTO curve_points VALUES(1,'pr',-1,23,0.25,0.51724137931034486204,0.35830561219273693307);
INSERT INTO curve_points VALUES(1,'pr',-1,24,0.25,0.46875,0.3578133121113078463);
INSERT INTO curve_points VALUES(1,'pr',-1,25,0.26666666666666666296,0.48484848484848486194,0.35643789258046520984);
INSERT INTO curve_points VALUES(1,'pr',-1,26,0.28333333333333332593,0.5,0.35639154756834867665);
INSERT INTO curve_points VALUES(1,'pr',-1,27,0.29999999999999998889,0.51428571428571423496,0.35556656602978142789);
INSERT INTO curve_points VALUES(1,'pr',-1,28,0.31666666666666665186,0.52777777777777779011,0.35489499033874843947);
INSERT INTO curve_points VALUES(1,'pr',-1,29,0.33333333333333331482,0.54054054054054057054,0.35396830736543011264);
INSERT INTO curve_points VALUES(1,'pr',-1,30,0.34999999999999997779,0.55263157894736847364,0.3538515143646051575);
INSERT INTO curve_points VALUES(1,'pr',-1,31,0.36666666666666664076,0.56410256410256409687,0.35302197537310997521);
INSERT INTO curve_points VALUES(1,'pr',-1,32,0.36666666666666664076,0.52380952380952383595,0.35043329692531283159);
INSERT INTO curve_points VALUES(1,'pr',-1,33,0.38333333333333335923,0.53488372093023250908,0.35025805103165158493);
INSERT INTO curve_points VALUES(1,'pr',-1,34,0.38333333333333335923,0.47916666666666668517,0.34711659187648596924);
INSERT INTO curve_points VALUES(1,'pr',-1,35,0.4000000000000000222,0.48979591836734692744,0.34707236933688623281);
INSERT INTO curve_points VALUES(1,'pr',-1,36,0.4000000000000000222,0.47999999999999998223,0.34673233474835069012);
INSERT INTO curve_points VALUES(1,'pr',-1,37,0.41666666666666668517,0.49019607843137252833,0.34608860465574231568);
INSERT INTO curve_points VALUES(1,'pr',-1,38,0.41666666666666668517,0.48076923076923078204,0.34554067947803612792);
INSERT INTO curve_points VALUES(1,'pr',-1,39,0.43333333333333334813,0.49056603773584905869,0.3454963319093551366);
INSERT INTO curve_points VALUES(1,'pr',-1,40,0.4500000000000000111,0.5,0.34507477079889609106);
INSERT INTO curve_points VALUES(1,'pr',-1,41,0.4500000000000000111,0.4500000000000000111,0.34127037470672716423);
INSERT INTO curve_points VALUES(1,'pr',-1,42,0.46666666666666667406,0.45901639344262296082,0.34101552312506011599);
INSERT INTO curve_points VALUES(1,'pr',-1,43,0.46666666666666667406,0.44444444444444441977,0.34035697696148237145);
INSERT INTO curve_points VALUES(1,'pr',-1,44,0.48333333333333333703,0.453125,0.33990841767721424737);
INSERT INTO curve_points VALUES(1,'pr',-1,45,0.48333333333333333703,0.44615384615384617861,0.3392042321409139971);
INSERT INTO curve_points VALUES(1,'pr',-1,46,0.5,0.45454545454545453031,0.33886287961036110072);
INSERT INTO curve_points VALUES(1,'pr',-1,47,0.5,0.42857142857142854763,0.33759560732451809883);
INSERT INTO curve_points VALUES(1,'pr',-1,48,0.51666666666666671847,0.43661971830985912834,0.33750965431942492323);
INSERT INTO curve_points VALUES(1,'pr',-1,49,0.51666666666666671847,0.41891891891891891441,0.33589049899179740377);
INSERT INTO curve_points VALUES(1,'pr',-1,50,0.53333333333333332593,0.42666666666666669405,0.33571417998820923811);
INSERT INTO curve_points VALUES(1,'pr',-1,51,0.53333333333333332593,0.39024390243902440378,0.33198373869939845626);
INSERT INTO curve_points VALUES(1,'pr',-1,52,0.5500000000000000444,0.39759036144578313587,0.33194182597893329145);
INSERT INTO curve_points VALUES(1,'pr',-1,53,0.5500000000000000444,0.38372093023255815502,0.33050844023430658857);
INSERT INTO curve_points VALUES(1,'pr',-1,54,0.56666666666666665186,0.39080459770114944761,0.33042065397608350041);
INSERT INTO curve_points VALUES(1,'pr',-1,55,0.56666666666666665186,0.38636363636363635354,0.33033646630909385688);
INSERT INTO curve_points VALUES(1,'pr',-1,56,0.58333333333333337034,0.39325842696629215167,0.33024300923211263869);
INSERT INTO curve_points VALUES(1,'pr',-1,57,0.58333333333333337034,0.38888888888888889505,0.33000423616072410704);
INSERT INTO curve_points VALUES(1,'pr',-1,58,0.59999999999999997779,0.3956043956043955867,0.32970001960773154259);
INSERT INTO curve_points VALUES(1,'pr',-1,59,0.59999999999999997779,0.36734693877551022334,0.32751211323654177975);
INSERT INTO curve_points VALUES(1,'pr',-1,60,0.61666666666666669627,0.37373737373737375699,0.32745810377744566377);
INSERT INTO curve_points VALUES(1,'pr',-1,61,0.61666666666666669627,0.3523809523809524058,0.32586178909341195764);
INSERT INTO curve_points VALUES(1,'pr',-1,62,0.63333333333333330372,0.35849056603773582496,0.32582719323817727063);
INSERT INTO curve_points VALUES(1,'pr',-1,63,0.63333333333333330372,0.35185185185185186007,0.32465644468184329252);
INSERT INTO curve_points VALUES(1,'pr',-1,64,0.6500000000000000222,0.35779816513761469876,0.32397863336551785407);
INSERT INTO curve_points VALUES(1,'pr',-1,65,0.6500000000000000222,0.33913043478260868068,0.32148602138404525074);
INSERT INTO curve_points VALUES(1,'pr',-1,66,0.66666666666666662965,0.34482758620689657469,0.32099861127628054324);
INSERT INTO curve_points VALUES(1,'pr',-1,67,0.66666666666666662965,0.33613445378151263209,0.32044982937344296258);
INSERT INTO curve_points VALUES(1,'pr',-1,68,0.68333333333333334813,0.34166666666666667406,0.32038089581340783995);
INSERT INTO curve_points VALUES(1,'pr',-1,69,0.69999999999999995559,0.34710743801652893525,0.32008564865805011478);
INSERT INTO curve_points VALUES(1,'pr',-1,70,0.71666666666666667406,0.35245901639344262568,0.31997500593803435142);
INSERT INTO curve_points VALUES(1,'pr',-1,71,0.73333333333333328152,0.35772357723577236088,0.31975440466941501549);
INSERT INTO curve_points VALUES(1,'pr',-1,72,0.75,0.36290322580645162364,0.31959887478851889408);
INSERT INTO curve_points VALUES(1,'pr',-1,73,0.75,0.35714285714285715078,0.31945518950352425058);
INSERT INTO curve_points VALUES(1,'pr',-1,74,0.76666666666666671847,0.36220472440944884162,0.31902516827219856709);
INSERT INTO curve_points VALUES(1,'pr',-1,75,0.76666666666666671847,0.35384615384615386579,0.31861316909884740411);
INSERT INTO curve_points VALUES(1,'pr',-1,76,0.78333333333333332593,0.35877862595419846014,0.31834623652504001611);
INSERT INTO curve_points VALUES(1,'pr',-1,77,0.78333333333333332593,0.3309859154929577496,0.31536072590044406105);
INSERT INTO curve_points VALUES(1,'pr',-1,78,0.8000000000000000444,0.33566433566433567792,0.3153476040490192922);
INSERT INTO curve_points VALUES(1,'pr',-1,79,0.8000000000000000444,0.33333333333333331482,0.31491010754352927181);
INSERT INTO curve_points VALUES(1,'pr',-1,80,0.81666666666666665186,0.33793103448275862987,0.31465550745866222026);
INSERT INTO curve_points VALUES(1,'pr',-1,81,0.83333333333333337034,0.34246575342465751523,0.31387338597043501486);
INSERT INTO curve_points VALUES(1,'pr',-1,82,0.83333333333333337034,0.33333333333333331482,0.31301596702853551335);
INSERT INTO curve_points VALUES(1,'pr',-1,83,0.84999999999999997779,0.33774834437086093119,0.31297024558653480097);
INSERT INTO curve_points VALUES(1,'pr',-1,84,0.84999999999999997779,0.33333333333333331482,0.31186788499845385924);
INSERT INTO curve_points VALUES(1,'pr',-1,85,0.86666666666666669627,0.33766233766233766377,0.31169278307426484531);
INSERT INTO curve_points VALUES(1,'pr',-1,86,0.86666666666666669627,0.31707317073170732113,0.3071949324545172888);
INSERT INTO curve_points VALUES(1,'pr',-1,87,0.88333333333333330372,0.32121212121212122658,0.30594437922324818623);
INSERT INTO curve_points VALUES(1,'pr',-1,88,0.9000000000000000222,0.32530120481927710107,0.30587649972826252975);
INSERT INTO curve_points VALUES(1,'pr',-1,89,0.9000000000000000222,0.32335329341317364804,0.30474803269976907804);
INSERT INTO curve_points VALUES(1,'pr',-1,90,0.91666666666666662965,0.32738095238095238359,0.30424571612506429163);
INSERT INTO curve_points VALUES(1,'pr',-1,91,0.91666666666666662965,0.32544378698224851742,0.30414400364575938651);
INSERT INTO curve_points VALUES(1,'pr',-1,92,0.93333333333333334813,0.32941176470588234836,0.30192086837415432754);
INSERT INTO curve_points VALUES(1,'pr',-1,93,0.93333333333333334813,0.32183908045977011047,0.30090528605461391853);
INSERT INTO curve_points VALUES(1,'pr',-1,94,0.94999999999999995559,0.32571428571428573395,0.29850689465882795925);
INSERT INTO curve_points VALUES(1,'pr',-1,95,0.96666666666666667406,0.32954545454545453031,0.29835315459678729554);
INSERT INTO curve_points VALUES(1,'pr',-1,96,0.96666666666666667406,0.32584269662921350185,0.29614517242402293994);
INSERT INTO curve_points VALUES(1,'pr',-1,97,0.98333333333333328152,0.32960893854748601894,0.29430985235887402451);
INSERT INTO curve_points VALUES(1,'pr',-1,98,1.0,0.33333333333333331482,0.2933520178446219484);
INSERT INTO curve_points VALUES(1,'pr',0,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(1,'pr',0,1,0.0,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(1,'pr',0,2,0.050000000000000002775,0.5,0.39189978149086884817);
INSERT INTO curve_points VALUES(1,'pr',0,3,0.10000000000000000555,0.66666666666666662965,0.38340499820253409746);
INSERT INTO curve_points VALUES(1,'pr',0,4,0.14999999999999999444,0.75,0.38222077063581161304);
INSERT INTO curve_points VALUES(1,'pr',0,5,0.2000000000000000111,0.8000000000000000444,0.38185211927986373314);
INSERT INTO curve_points VALUES(1,'pr',0,6,0.2000000000000000111,0.57142857142857139685,0.37226738492983557637);
INSERT INTO curve_points VALUES(1,'pr',0,7,0.25,0.625,0.37160429638500874771);
INSERT INTO curve_points VALUES(1,'pr',0,8,0.29999999999999998889,0.66666666666666662965,0.36974171541834360832);
INSERT INTO curve_points VALUES(1,'pr',0,9,0.29999999999999998889,0.46153846153846156408,0.3643600974138046511);
INSERT INTO curve_points VALUES(1,'pr',0,10,0.34999999999999997779,0.5,0.36346380082492085739);
INSERT INTO curve_points VALUES(1,'pr',0,11,0.34999999999999997779,0.46666666666666667406,0.36319401290156416717);
INSERT INTO curve_points VALUES(1,'pr',0,12,0.4000000000000000222,0.5,0.36279636803398135347);
INSERT INTO curve_points VALUES(1,'pr',0,13,0.4000000000000000222,0.44444444444444441977,0.36031195097495777313);
INSERT INTO curve_points VALUES(1,'pr',0,14,0.4500000000000000111,0.47368421052631576317,0.3595702020471084892);
INSERT INTO curve_points VALUES(1,'pr',0,15,0.4500000000000000111,0.39130434782608697341,0.35791373000631654388);
INSERT INTO curve_points VALUES(1,'pr',0,16,0.5,0.41666666666666668517,0.35643789258046520984);
INSERT INTO curve_points VALUES(1,'pr',0,17,0.5500000000000000444,0.44000000000000000222,0.35556656602978142789);
INSERT INTO curve_points VALUES(1,'pr',0,18,0.59999999999999997779,0.46153846153846156408,0.35396830736543011264);
INSERT INTO curve_points VALUES(1,'pr',0,19,0.6500000000000000222,0.48148148148148145475,0.35302197537310997521);
INSERT INTO curve_points VALUES(1,'pr',0,20,0.6500000000000000222,0.39393939393939392257,0.34554067947803612792);
INSERT INTO curve_points VALUES(1,'pr',0,21,0.69999999999999995559,0.41176470588235292158,0.34507477079889609106);
INSERT INTO curve_points VALUES(1,'pr',0,22,0.69999999999999995559,0.37837837837837839938,0.34264123232863086254);
INSERT INTO curve_points VALUES(1,'pr',0,23,0.75,0.39473684210526316373,0.34101552312506011599);
INSERT INTO curve_points VALUES(1,'pr',0,24,0.75,0.34090909090909088385,0.33589049899179740377);
INSERT INTO curve_points VALUES(1,'pr',0,25,0.8000000000000000444,0.35555555555555556912,0.33571417998820923811);
INSERT INTO curve_points VALUES(1,'pr',0,26,0.8000000000000000444,0.32653061224489793312,0.33050844023430658857);
INSERT INTO curve_points VALUES(1,'pr',0,27,0.84999999999999997779,0.34000000000000002442,0.33042065397608350041);
INSERT INTO curve_points VALUES(1,'pr',0,28,0.9000000000000000222,0.35294117647058825815,0.33024300923211263869);
INSERT INTO curve_points VALUES(1,'pr',0,29,0.9000000000000000222,0.32142857142857145236,0.32503909499619604295);
INSERT INTO curve_points VALUES(1,'pr',0,30,0.94999999999999995559,0.33333333333333331482,0.32397863336551785407);
INSERT INTO curve_points VALUES(1,'pr',0,31,1.0,0.34482758620689657469,0.32099861127628054324);
INSERT INTO curve_points VALUES(1,'pr',0,32,1.0,0.33333333333333331482,0.31665571908616974017);
INSERT INTO curve_points VALUES(1,'pr',1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(1,'pr',1,1,0.050000000000000002775,1.0,0.37023973437680351983);
INSERT INTO curve_points VALUES(1,'pr',1,2,0.2000000000000000111,1.0,0.3642197706910144106);
INSERT INTO curve_points VALUES(1,'pr',1,3,0.2000000000000000111,0.66666666666666662965,0.36400674982674713353);
INSERT INTO curve_points VALUES(1,'pr',1,4,0.25,0.71428571428571430157,0.35926946887772898131);
INSERT INTO curve_points VALUES(1,'pr',1,5,0.29999999999999998889,0.75,0.35830561219273693307);
INSERT INTO curve_points VALUES(1,'pr',1,6,0.29999999999999998889,0.66666666666666662965,0.3578133121113078463);
INSERT INTO curve_points VALUES(1,'pr',1,7,0.34999999999999997779,0.69999999999999995559,0.35639154756834867665);
INSERT INTO curve_points VALUES(1,'pr',1,8,0.4000000000000000222,0.72727272727272729291,0.35489499033874843947);
INSERT INTO curve_points VALUES(1,'pr',1,9,0.4500000000000000111,0.75,0.3538515143646051575);
INSERT INTO curve_points VALUES(1,'pr',1,10,0.4500000000000000111,0.69230769230769229061,0.35043329692531283159);
INSERT INTO curve_points VALUES(1,'pr',1,11,0.5,0.71428571428571430157,0.35025805103165158493);
INSERT INTO curve_points VALUES(1,'pr',1,12,0.5,0.625,0.34711659187648596924);
INSERT INTO curve_points VALUES(1,'pr',1,13,0.5500000000000000444,0.64705882352941179735,0.34707236933688623281);
INSERT INTO curve_points VALUES(1,'pr',1,14,0.5500000000000000444,0.61111111111111116045,0.34673233474835069012);
INSERT INTO curve_points VALUES(1,'pr',1,15,0.59999999999999997779,0.63157894736842101757,0.34608860465574231568);
INSERT INTO curve_points VALUES(1,'pr',1,16,0.6500000000000000222,0.6500000000000000222,0.3454963319093551366);
INSERT INTO curve_points VALUES(1,'pr',1,17,0.6500000000000000222,0.54166666666666662965,0.34057692391129285036);
INSERT INTO curve_points VALUES(1,'pr',1,18,0.69999999999999995559,0.56000000000000005329,0.33990841767721424737);
INSERT INTO curve_points VALUES(1,'pr',1,19,0.75,0.57692307692307687183,0.33886287961036110072);
INSERT INTO curve_points VALUES(1,'pr',1,20,0.75,0.53571428571428569842,0.33759560732451809883);
INSERT INTO curve_points VALUES(1,'pr',1,21,0.8000000000000000444,0.5517241379310344751,0.33750965431942492323);
INSERT INTO curve_points VALUES(1,'pr',1,22,0.8000000000000000444,0.47058823529411764052,0.33135030995428432776);
INSERT INTO curve_points VALUES(1,'pr',1,23,0.84999999999999997779,0.48571428571428570952,0.32970001960773154259);
INSERT INTO curve_points VALUES(1,'pr',1,24,0.84999999999999997779,0.36170212765957449052,0.32044982937344296258);
INSERT INTO curve_points VALUES(1,'pr',1,25,0.9000000000000000222,0.375,0.31997500593803435142);
INSERT INTO curve_points VALUES(1,'pr',1,26,0.9000000000000000222,0.3461538461538461453,0.31536072590044406105);
INSERT INTO curve_points VALUES(1,'pr',1,27,0.94999999999999995559,0.35849056603773582496,0.31387338597043501486);
INSERT INTO curve_points VALUES(1,'pr',1,28,1.0,0.37037037037037034981,0.31169278307426484531);
INSERT INTO curve_points VALUES(1,'pr',1,29,1.0,0.33333333333333331482,0.29782455203512281372);
INSERT INTO curve_points VALUES(1,'pr',2,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(1,'pr',2,1,0.0,0.0,0.334229793229373906);
INSERT INTO curve_points VALUES(1,'pr',2,2,0.0,0.0,0.33198373869939845626);
INSERT INTO curve_points VALUES(1,'pr',2,3,0.050000000000000002775,0.33333333333333331482,0.33194182597893329145);
INSERT INTO curve_points VALUES(1,'pr',2,4,0.050000000000000002775,0.2000000000000000111,0.32928903188613156682);
INSERT INTO curve_points VALUES(1,'pr',2,5,0.10000000000000000555,0.33333333333333331482,0.32745810377744566377);
INSERT INTO curve_points VALUES(1,'pr',2,6,0.10000000000000000555,0.28571428571428569842,0.32676038698832127193);
INSERT INTO curve_points VALUES(1,'pr',2,7,0.14999999999999999444,0.375,0.32582719323817727063);
INSERT INTO curve_points VALUES(1,'pr',2,8,0.14999999999999999444,0.21428571428571427381,0.32069158501072841938);
INSERT INTO curve_points VALUES(1,'pr',2,9,0.2000000000000000111,0.26666666666666666296,0.32038089581340783995);
INSERT INTO curve_points VALUES(1,'pr',2,10,0.25,0.3125,0.32008564865805011478);
INSERT INTO curve_points VALUES(1,'pr',2,11,0.29999999999999998889,0.35294117647058825815,0.31975440466941501549);
INSERT INTO curve_points VALUES(1,'pr',2,12,0.34999999999999997779,0.38888888888888889505,0.31959887478851889408);
INSERT INTO curve_points VALUES(1,'pr',2,13,0.34999999999999997779,0.34999999999999997779,0.31945518950352425058);
INSERT INTO curve_points VALUES(1,'pr',2,14,0.4000000000000000222,0.38095238095238093123,0.31902516827219856709);
INSERT INTO curve_points VALUES(1,'pr',2,15,0.4000000000000000222,0.33333333333333331482,0.31861316909884740411);
INSERT INTO curve_points VALUES(1,'pr',2,16,0.4500000000000000111,0.35999999999999998667,0.31834623652504001611);
INSERT INTO curve_points VALUES(1,'pr',2,17,0.4500000000000000111,0.29999999999999998889,0.31539524791856432539);
INSERT INTO curve_points VALUES(1,'pr',2,18,0.5,0.32258064516129031362,0.3153476040490192922);
INSERT INTO curve_points VALUES(1,'pr',2,19,0.5,0.3125,0.31491010754352927181);
INSERT INTO curve_points VALUES(1,'pr',2,20,0.5500000000000000444,0.33333333333333331482,0.31465550745866222026);
INSERT INTO curve_points VALUES(1,'pr',2,21,0.5500000000000000444,0.2972972972972973138,0.31301596702853551335);
INSERT INTO curve_points VALUES(1,'pr',2,22,0.59999999999999997779,0.31578947368421050878,0.31297024558653480097);
INSERT INTO curve_points VALUES(1,'pr',2,23,0.59999999999999997779,0.2608695652173912971,0.30732919388915930225);
INSERT INTO curve_points VALUES(1,'pr',2,24,0.6500000000000000222,0.27659574468085107445,0.30594437922324818623);
INSERT INTO curve_points VALUES(1,'pr',2,25,0.69999999999999995559,0.29166666666666668517,0.30587649972826252975);
INSERT INTO curve_points VALUES(1,'pr',2,26,0.69999999999999995559,0.28571428571428569842,0.30474803269976907804);
INSERT INTO curve_points VALUES(1,'pr',2,27,0.75,0.29999999999999998889,0.30424571612506429163);
INSERT INTO curve_points VALUES(1,'pr',2,28,0.8000000000000000444,0.31372549019607842701,0.30192086837415432754);
INSERT INTO curve_points VALUES(1,'pr',2,29,0.8000000000000000444,0.29090909090909089496,0.30090528605461391853);
INSERT INTO curve_points VALUES(1,'pr',2,30,0.84999999999999997779,0.30357142857142854763,0.29850689465882795925);
INSERT INTO curve_points VALUES(1,'pr',2,31,0.9000000000000000222,0.31578947368421050878,0.29835315459678729554);
INSERT INTO curve_points VALUES(1,'pr',2,32,0.9000000000000000222,0.31034482758620690612,0.29614517242402293994);
INSERT INTO curve_points VALUES(1,'pr',2,33,0.94999999999999995559,0.32203389830508472035,0.29430985235887402451);
INSERT INTO curve_points VALUES(1,'pr',2,34,1.0,0.33333333333333331482,0.2933520178446219484);
INSERT INTO curve_points VALUES(1,'roc',-2,0,0.0,0.0,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,1,0.0,0.066666666666666665741,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,2,0.025000000000000001387,0.066666666666666665741,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,3,0.025000000000000001387,0.13333333333333333148,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,4,0.050000000000000002775,0.13333333333333333148,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,5,0.050000000000000002775,0.18333333333333334813,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,6,0.074999999999999997224,0.18333333333333334813,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,7,0.074999999999999997224,0.26666666666666666296,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,8,0.10000000000000000555,0.26666666666666666296,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,9,0.10000000000000000555,0.29999999999999998889,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,10,0.125,0.29999999999999998889,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,11,0.125,0.31666666666666670737,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,12,0.14999999999999999444,0.31666666666666670737,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,13,0.14999999999999999444,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,14,0.17499999999999998889,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,15,0.17499999999999998889,0.38333333333333330372,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,16,0.2000000000000000111,0.38333333333333330372,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,17,0.2000000000000000111,0.39999999999999996669,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,18,0.25,0.39999999999999996669,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,19,0.25,0.41666666666666668517,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,20,0.2750000000000000222,0.41666666666666668517,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,21,0.2750000000000000222,0.51666666666666660745,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,22,0.3250000000000000111,0.51666666666666660745,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,23,0.3250000000000000111,0.54999999999999993338,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,24,0.34999999999999997779,0.54999999999999993338,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,25,0.34999999999999997779,0.61666666666666669627,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,26,0.4000000000000000222,0.61666666666666669627,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,27,0.4000000000000000222,0.63333333333333341474,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,28,0.4500000000000000111,0.63333333333333341474,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,29,0.4500000000000000111,0.6500000000000000222,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,30,0.5,0.6500000000000000222,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,31,0.5,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,32,0.5250000000000000222,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,33,0.5250000000000000222,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,34,0.5500000000000000444,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,35,0.5500000000000000444,0.69999999999999984456,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,36,0.57499999999999995559,0.69999999999999984456,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,37,0.57499999999999995559,0.71666666666666678509,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,38,0.6500000000000000222,0.71666666666666678509,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,39,0.6500000000000000222,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,40,0.72499999999999997779,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,41,0.72499999999999997779,0.75,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,42,0.75,0.75,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,43,0.75,0.76666666666666671847,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,44,0.82499999999999995559,0.76666666666666671847,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,45,0.82499999999999995559,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,46,0.84999999999999997779,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,47,0.84999999999999997779,0.86666666666666658525,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,48,0.875,0.86666666666666658525,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,49,0.875,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,50,0.94999999999999995559,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,51,0.94999999999999995559,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,52,0.97499999999999997779,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,53,0.97499999999999997779,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,54,1.0,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(1,'roc',-2,55,1.0,1.0,NULL);
INSERT INTO curve_points VALUES(1,'roc',-1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(1,'roc',-1,1,0.0083333333333333332176,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(1,'roc',-1,2,0.0083333333333333332176,0.066666666666666665741,0.38185211927986373314);
INSERT INTO curve_points VALUES(1,'roc',-1,3,0.025000000000000001387,0.066666666666666665741,0.37226738492983557637);
INSERT INTO curve_points VALUES(1,'roc',-1,4,0.025000000000000001387,0.14999999999999999444,0.36563243498939035358);
INSERT INTO curve_points VALUES(1,'roc',-1,5,0.058333333333333334258,0.14999999999999999444,0.3643600974138046511);
INSERT INTO curve_points VALUES(1,'roc',-1,6,0.058333333333333334258,0.16666666666666665741,0.3642197706910144106);
INSERT INTO curve_points VALUES(1,'roc',-1,7,0.074999999999999997224,0.16666666666666665741,0.36400674982674713353);
INSERT INTO curve_points VALUES(1,'roc',-1,8,0.074999999999999997224,0.18333333333333332038,0.36346380082492085739);
INSERT INTO curve_points VALUES(1,'roc',-1,9,0.083333333333333328707,0.18333333333333332038,0.36319401290156416717);
INSERT INTO curve_points VALUES(1,'roc',-1,10,0.083333333333333328707,0.2000000000000000111,0.36279636803398135347);
INSERT INTO curve_points VALUES(1,'roc',-1,11,0.10000000000000000555,0.2000000000000000111,0.36031195097495777313);
INSERT INTO curve_points VALUES(1,'roc',-1,12,0.10000000000000000555,0.21666666666666667406,0.3595702020471084892);
INSERT INTO curve_points VALUES(1,'roc',-1,13,0.10833333333333333703,0.21666666666666667406,0.35945820234909692247);
INSERT INTO curve_points VALUES(1,'roc',-1,14,0.10833333333333333703,0.23333333333333333703,0.35926946887772898131);
INSERT INTO curve_points VALUES(1,'roc',-1,15,0.11666666666666666851,0.23333333333333333703,0.35841797972615135892);
INSERT INTO curve_points VALUES(1,'roc',-1,16,0.11666666666666666851,0.25,0.35830561219273693307);
INSERT INTO curve_points VALUES(1,'roc',-1,17,0.14166666666666666296,0.25,0.3578133121113078463);
INSERT INTO curve_points VALUES(1,'roc',-1,18,0.14166666666666666296,0.36666666666666664076,0.35302197537310997521);
INSERT INTO curve_points VALUES(1,'roc',-1,19,0.16666666666666665741,0.36666666666666664076,0.35043329692531283159);
INSERT INTO curve_points VALUES(1,'roc',-1,20,0.16666666666666665741,0.38333333333333335923,0.35025805103165158493);
INSERT INTO curve_points VALUES(1,'roc',-1,21,0.20833333333333334258,0.38333333333333335923,0.34711659187648596924);
INSERT INTO curve_points VALUES(1,'roc',-1,22,0.20833333333333334258,0.4000000000000000222,0.34707236933688623281);
INSERT INTO curve_points VALUES(1,'roc',-1,23,0.21666666666666667406,0.4000000000000000222,0.34673233474835069012);
INSERT INTO curve_points VALUES(1,'roc',-1,24,0.21666666666666667406,0.41666666666666668517,0.34608860465574231568);
INSERT INTO curve_points VALUES(1,'roc',-1,25,0.22500000000000000555,0.41666666666666668517,0.34554067947803612792);
INSERT INTO curve_points VALUES(1,'roc',-1,26,0.22500000000000000555,0.4500000000000000111,0.34507477079889609106);
INSERT INTO curve_points VALUES(1,'roc',-1,27,0.2750000000000000222,0.4500000000000000111,0.34127037470672716423);
INSERT INTO curve_points VALUES(1,'roc',-1,28,0.2750000000000000222,0.46666666666666667406,0.34101552312506011599);
INSERT INTO curve_points VALUES(1,'roc',-1,29,0.29166666666666668517,0.46666666666666667406,0.34035697696148237145);
INSERT INTO curve_points VALUES(1,'roc',-1,30,0.29166666666666668517,0.48333333333333333703,0.33990841767721424737);
INSERT INTO curve_points VALUES(1,'roc',-1,31,0.29999999999999998889,0.48333333333333333703,0.3392042321409139971);
INSERT INTO curve_points VALUES(1,'roc',-1,32,0.29999999999999998889,0.5,0.33886287961036110072);
INSERT INTO curve_points VALUES(1,'roc',-1,33,0.33333333333333331482,0.5,0.33759560732451809883);
INSERT INTO curve_points VALUES(1,'roc',-1,34,0.33333333333333331482,0.51666666666666671847,0.33750965431942492323);
INSERT INTO curve_points VALUES(1,'roc',-1,35,0.35833333333333333703,0.51666666666666671847,0.33589049899179740377);
INSERT INTO curve_points VALUES(1,'roc',-1,36,0.35833333333333333703,0.53333333333333332593,0.33571417998820923811);
INSERT INTO curve_points VALUES(1,'roc',-1,37,0.41666666666666668517,0.53333333333333332593,0.33198373869939845626);
INSERT INTO curve_points VALUES(1,'roc',-1,38,0.41666666666666668517,0.5500000000000000444,0.33194182597893329145);
INSERT INTO curve_points VALUES(1,'roc',-1,39,0.44166666666666665186,0.5500000000000000444,0.33050844023430658857);
INSERT INTO curve_points VALUES(1,'roc',-1,40,0.44166666666666665186,0.56666666666666665186,0.33042065397608350041);
INSERT INTO curve_points VALUES(1,'roc',-1,41,0.4500000000000000111,0.56666666666666665186,0.33033646630909385688);
INSERT INTO curve_points VALUES(1,'roc',-1,42,0.4500000000000000111,0.58333333333333337034,0.33024300923211263869);
INSERT INTO curve_points VALUES(1,'roc',-1,43,0.45833333333333331482,0.58333333333333337034,0.33000423616072410704);
INSERT INTO curve_points VALUES(1,'roc',-1,44,0.45833333333333331482,0.59999999999999997779,0.32970001960773154259);
INSERT INTO curve_points VALUES(1,'roc',-1,45,0.51666666666666671847,0.59999999999999997779,0.32751211323654177975);
INSERT INTO curve_points VALUES(1,'roc',-1,46,0.51666666666666671847,0.61666666666666669627,0.32745810377744566377);
INSERT INTO curve_points VALUES(1,'roc',-1,47,0.56666666666666665186,0.61666666666666669627,0.32586178909341195764);
INSERT INTO curve_points VALUES(1,'roc',-1,48,0.56666666666666665186,0.63333333333333330372,0.32582719323817727063);
INSERT INTO curve_points VALUES(1,'roc',-1,49,0.58333333333333337034,0.63333333333333330372,0.32465644468184329252);
INSERT INTO curve_points VALUES(1,'roc',-1,50,0.58333333333333337034,0.6500000000000000222,0.32397863336551785407);
INSERT INTO curve_points VALUES(1,'roc',-1,51,0.63333333333333330372,0.6500000000000000222,0.32148602138404525074);
INSERT INTO curve_points VALUES(1,'roc',-1,52,0.63333333333333330372,0.66666666666666662965,0.32099861127628054324);
INSERT INTO curve_points VALUES(1,'roc',-1,53,0.65833333333333332593,0.66666666666666662965,0.32044982937344296258);
INSERT INTO curve_points VALUES(1,'roc',-1,54,0.65833333333333332593,0.75,0.31959887478851889408);
INSERT INTO curve_points VALUES(1,'roc',-1,55,0.6750000000000000444,0.75,0.31945518950352425058);
INSERT INTO curve_points VALUES(1,'roc',-1,56,0.6750000000000000444,0.76666666666666671847,0.31902516827219856709);
INSERT INTO curve_points VALUES(1,'roc',-1,57,0.69999999999999995559,0.76666666666666671847,0.31861316909884740411);
INSERT INTO curve_points VALUES(1,'roc',-1,58,0.69999999999999995559,0.78333333333333332593,0.31834623652504001611);
INSERT INTO curve_points VALUES(1,'roc',-1,59,0.79166666666666662965,0.78333333333333332593,0.31536072590044406105);
INSERT INTO curve_points VALUES(1,'roc',-1,60,0.79166666666666662965,0.8000000000000000444,0.3153476040490192922);
INSERT INTO curve_points VALUES(1,'roc',-1,61,0.8000000000000000444,0.8000000000000000444,0.31491010754352927181);
INSERT INTO curve_points VALUES(1,'roc',-1,62,0.8000000000000000444,0.83333333333333337034,0.31387338597043501486);
INSERT INTO curve_points VALUES(1,'roc',-1,63,0.83333333333333337034,0.83333333333333337034,0.31301596702853551335);
INSERT INTO curve_points VALUES(1,'roc',-1,64,0.83333333333333337034,0.84999999999999997779,0.31297024558653480097);
INSERT INTO curve_points VALUES(1,'roc',-1,65,0.84999999999999997779,0.84999999999999997779,0.31186788499845385924);
INSERT INTO curve_points VALUES(1,'roc',-1,66,0.84999999999999997779,0.86666666666666669627,0.31169278307426484531);
INSERT INTO curve_points VALUES(1,'roc',-1,67,0.93333333333333334813,0.86666666666666669627,0.3071949324545172888);
INSERT INTO curve_points VALUES(1,'roc',-1,68,0.93333333333333334813,0.9000000000000000222,0.30587649972826252975);
INSERT INTO curve_points VALUES(1,'roc',-1,69,0.94166666666666665186,0.9000000000000000222,0.30474803269976907804);
INSERT INTO curve_points VALUES(1,'roc',-1,70,0.94166666666666665186,0.91666666666666662965,0.30424571612506429163);
INSERT INTO curve_points VALUES(1,'roc',-1,71,0.94999999999999995559,0.91666666666666662965,0.30414400364575938651);
INSERT INTO curve_points VALUES(1,'roc',-1,72,0.94999999999999995559,0.93333333333333334813,0.30192086837415432754);
INSERT INTO curve_points VALUES(1,'roc',-1,73,0.98333333333333328152,0.93333333333333334813,0.30090528605461391853);
INSERT INTO curve_points VALUES(1,'roc',-1,74,0.98333333333333328152,0.96666666666666667406,0.29835315459678729554);
INSERT INTO curve_points VALUES(1,'roc',-1,75,1.0,0.96666666666666667406,0.29614517242402293994);
INSERT INTO curve_points VALUES(1,'roc',-1,76,1.0,1.0,0.2933520178446219484);
INSERT INTO curve_points VALUES(1,'roc',0,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(1,'roc',0,1,0.025000000000000001387,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(1,'roc',0,2,0.025000000000000001387,0.2000000000000000111,0.38185211927986373314);
INSERT INTO curve_points VALUES(1,'roc',0,3,0.074999999999999997224,0.2000000000000000111,0.37226738492983557637);
INSERT INTO curve_points VALUES(1,'roc',0,4,0.074999999999999997224,0.29999999999999998889,0.36974171541834360832);
INSERT INTO curve_points VALUES(1,'roc',0,5,0.17499999999999998889,0.29999999999999998889,0.3643600974138046511);
INSERT INTO curve_points VALUES(1,'roc',0,6,0.17499999999999998889,0.34999999999999997779,0.36346380082492085739);
INSERT INTO curve_points VALUES(1,'roc',0,7,0.2000000000000000111,0.34999999999999997779,0.36319401290156416717);
INSERT INTO curve_points VALUES(1,'roc',0,8,0.2000000000000000111,0.4000000000000000222,0.36279636803398135347);
INSERT INTO curve_points VALUES(1,'roc',0,9,0.25,0.4000000000000000222,0.36031195097495777313);
INSERT INTO curve_points VALUES(1,'roc',0,10,0.25,0.4500000000000000111,0.3595702020471084892);
INSERT INTO curve_points VALUES(1,'roc',0,11,0.34999999999999997779,0.4500000000000000111,0.35791373000631654388);
INSERT INTO curve_points VALUES(1,'roc',0,12,0.34999999999999997779,0.6500000000000000222,0.35302197537310997521);
INSERT INTO curve_points VALUES(1,'roc',0,13,0.5,0.6500000000000000222,0.34554067947803612792);
INSERT INTO curve_points VALUES(1,'roc',0,14,0.5,0.69999999999999995559,0.34507477079889609106);
INSERT INTO curve_points VALUES(1,'roc',0,15,0.57499999999999995559,0.69999999999999995559,0.34264123232863086254);
INSERT INTO curve_points VALUES(1,'roc',0,16,0.57499999999999995559,0.75,0.34101552312506011599);
INSERT INTO curve_points VALUES(1,'roc',0,17,0.72499999999999997779,0.75,0.33589049899179740377);
INSERT INTO curve_points VALUES(1,'roc',0,18,0.72499999999999997779,0.8000000000000000444,0.33571417998820923811);
INSERT INTO curve_points VALUES(1,'roc',0,19,0.82499999999999995559,0.8000000000000000444,0.33050844023430658857);
INSERT INTO curve_points VALUES(1,'roc',0,20,0.82499999999999995559,0.9000000000000000222,0.33024300923211263869);
INSERT INTO curve_points VALUES(1,'roc',0,21,0.94999999999999995559,0.9000000000000000222,0.32503909499619604295);
INSERT INTO curve_points VALUES(1,'roc',0,22,0.94999999999999995559,1.0,0.32099861127628054324);
INSERT INTO curve_points VALUES(1,'roc',0,23,1.0,1.0,0.31665571908616974017);
INSERT INTO curve_points VALUES(1,'roc',1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(1,'roc',1,1,0.0,0.2000000000000000111,0.3642197706910144106);
INSERT INTO curve_points VALUES(1,'roc',1,2,0.050000000000000002775,0.2000000000000000111,0.36400674982674713353);
INSERT INTO curve_points VALUES(1,'roc',1,3,0.050000000000000002775,0.29999999999999998889,0.35830561219273693307);
INSERT INTO curve_points VALUES(1,'roc',1,4,0.074999999999999997224,0.29999999999999998889,0.3578133121113078463);
INSERT INTO curve_points VALUES(1,'roc',1,5,0.074999999999999997224,0.4500000000000000111,0.3538515143646051575);
INSERT INTO curve_points VALUES(1,'roc',1,6,0.10000000000000000555,0.4500000000000000111,0.35043329692531283159);
INSERT INTO curve_points VALUES(1,'roc',1,7,0.10000000000000000555,0.5,0.35025805103165158493);
INSERT INTO curve_points VALUES(1,'roc',1,8,0.14999999999999999444,0.5,0.34711659187648596924);
INSERT INTO curve_points VALUES(1,'roc',1,9,0.14999999999999999444,0.5500000000000000444,0.34707236933688623281);
INSERT INTO curve_points VALUES(1,'roc',1,10,0.17499999999999998889,0.5500000000000000444,0.34673233474835069012);
INSERT INTO curve_points VALUES(1,'roc',1,11,0.17499999999999998889,0.6500000000000000222,0.3454963319093551366);
INSERT INTO curve_points VALUES(1,'roc',1,12,0.2750000000000000222,0.6500000000000000222,0.34057692391129285036);
INSERT INTO curve_points VALUES(1,'roc',1,13,0.2750000000000000222,0.75,0.33886287961036110072);
INSERT INTO curve_points VALUES(1,'roc',1,14,0.3250000000000000111,0.75,0.33759560732451809883);
INSERT INTO curve_points VALUES(1,'roc',1,15,0.3250000000000000111,0.8000000000000000444,0.33750965431942492323);
INSERT INTO curve_points VALUES(1,'roc',1,16,0.4500000000000000111,0.8000000000000000444,0.33135030995428432776);
INSERT INTO curve_points VALUES(1,'roc',1,17,0.4500000000000000111,0.84999999999999997779,0.32970001960773154259);
INSERT INTO curve_points VALUES(1,'roc',1,18,0.75,0.84999999999999997779,0.32044982937344296258);
INSERT INTO curve_points VALUES(1,'roc',1,19,0.75,0.9000000000000000222,0.31997500593803435142);
INSERT INTO curve_points VALUES(1,'roc',1,20,0.84999999999999997779,0.9000000000000000222,0.31536072590044406105);
INSERT INTO curve_points VALUES(1,'roc',1,21,0.84999999999999997779,1.0,0.31169278307426484531);
INSERT INTO curve_points VALUES(1,'roc',1,22,1.0,1.0,0.29782455203512281372);
INSERT INTO curve_points VALUES(1,'roc',2,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(1,'roc',2,1,0.050000000000000002775,0.0,0.33198373869939845626);
INSERT INTO curve_points VALUES(1,'roc',2,2,0.050000000000000002775,0.050000000000000002775,0.33194182597893329145);
INSERT INTO curve_points VALUES(1,'roc',2,3,0.10000000000000000555,0.050000000000000002775,0.32928903188613156682);
INSERT INTO curve_points VALUES(1,'roc',2,4,0.10000000000000000555,0.10000000000000000555,0.32745810377744566377);
INSERT INTO curve_points VALUES(1,'roc',2,5,0.125,0.10000000000000000555,0.32676038698832127193);
INSERT INTO curve_points VALUES(1,'roc',2,6,0.125,0.14999999999999999444,0.32582719323817727063);
INSERT INTO curve_points VALUES(1,'roc',2,7,0.2750000000000000222,0.14999999999999999444,0.32069158501072841938);
INSERT INTO curve_points VALUES(1,'roc',2,8,0.2750000000000000222,0.34999999999999997779,0.31959887478851889408);
INSERT INTO curve_points VALUES(1,'roc',2,9,0.3250000000000000111,0.34999999999999997779,0.31945518950352425058);
INSERT INTO curve_points VALUES(1,'roc',2,10,0.3250000000000000111,0.4000000000000000222,0.31902516827219856709);
INSERT INTO curve_points VALUES(1,'roc',2,11,0.4000000000000000222,0.4000000000000000222,0.31861316909884740411);
INSERT INTO curve_points VALUES(1,'roc',2,12,0.4000000000000000222,0.4500000000000000111,0.31834623652504001611);
INSERT INTO curve_points VALUES(1,'roc',2,13,0.5250000000000000222,0.4500000000000000111,0.31539524791856432539);
INSERT INTO curve_points VALUES(1,'roc',2,14,0.5250000000000000222,0.5,0.3153476040490192922);
INSERT INTO curve_points VALUES(1,'roc',2,15,0.5500000000000000444,0.5,0.31491010754352927181);
INSERT INTO curve_points VALUES(1,'roc',2,16,0.5500000000000000444,0.5500000000000000444,0.31465550745866222026);
INSERT INTO curve_points VALUES(1,'roc',2,17,0.6500000000000000222,0.5500000000000000444,0.31301596702853551335);
INSERT INTO curve_points VALUES(1,'roc',2,18,0.6500000000000000222,0.59999999999999997779,0.31297024558653480097);
INSERT INTO curve_points VALUES(1,'roc',2,19,0.84999999999999997779,0.59999999999999997779,0.30732919388915930225);
INSERT INTO curve_points VALUES(1,'roc',2,20,0.84999999999999997779,0.69999999999999995559,0.30587649972826252975);
INSERT INTO curve_points VALUES(1,'roc',2,21,0.875,0.69999999999999995559,0.30474803269976907804);
INSERT INTO curve_points VALUES(1,'roc',2,22,0.875,0.8000000000000000444,0.30192086837415432754);
INSERT INTO curve_points VALUES(1,'roc',2,23,0.97499999999999997779,0.8000000000000000444,0.30090528605461391853);
INSERT INTO curve_points VALUES(1,'roc',2,24,0.97499999999999997779,0.9000000000000000222,0.29835315459678729554);
INSERT INTO curve_points VALUES(1,'roc',2,25,1.0,0.9000000000000000222,0.29614517242402293994);
INSERT INTO curve_points VALUES(1,'roc',2,26,1.0,1.0,0.2933520178446219484);
INSERT INTO curve_points VALUES(2,'pr',-1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(2,'pr',-1,1,0.016666666666666666435,1.0,0.38417946094401572709);
INSERT INTO curve_points VALUES(2,'pr',-1,2,0.066666666666666665741,1.0,0.37473952037827229499);
INSERT INTO curve_points VALUES(2,'pr',-1,3,0.066666666666666665741,0.66666666666666662965,0.37191565757082051257);
INSERT INTO curve_points VALUES(2,'pr',-1,4,0.083333333333333328707,0.71428571428571430157,0.37127508284096777391);
INSERT INTO curve_points VALUES(2,'pr',-1,5,0.10000000000000000555,0.75,0.36989788171330811872);
INSERT INTO curve_points VALUES(2,'pr',-1,6,0.10000000000000000555,0.5,0.366460494981978524);
INSERT INTO curve_points VALUES(2,'pr',-1,7,0.11666666666666666851,0.53846153846153843591,0.36644839202808854317);
INSERT INTO curve_points VALUES(2,'pr',-1,8,0.11666666666666666851,0.41176470588235292158,0.36283578772334734718);
INSERT INTO curve_points VALUES(2,'pr',-1,9,0.13333333333333333148,0.44444444444444441977,0.36270572421911856375);
INSERT INTO curve_points VALUES(2,'pr',-1,10,0.13333333333333333148,0.4000000000000000222,0.36213981096862163377);
INSERT INTO curve_points VALUES(2,'pr',-1,11,0.14999999999999999444,0.42857142857142854763,0.36142938196238372228);
INSERT INTO curve_points VALUES(2,'pr',-1,12,0.14999999999999999444,0.40909090909090911614,0.36119346689425751995);
INSERT INTO curve_points VALUES(2,'pr',-1,13,0.16666666666666665741,0.43478260869565216184,0.36092478550662593361);
INSERT INTO curve_points VALUES(2,'pr',-1,14,0.18333333333333332038,0.45833333333333331482,0.35990283152577784431);
INSERT INTO curve_points VALUES(2,'pr',-1,15,0.2000000000000000111,0.47999999999999998223,0.35908299857303299651);
INSERT INTO curve_points VALUES(2,'pr',-1,16,0.2000000000000000111,0.44444444444444441977,0.35687040712127254815);
INSERT INTO curve_points VALUES(2,'pr',-1,17,0.21666666666666667406,0.46428571428571430157,0.35686084079643032307);
INSERT INTO curve_points VALUES(2,'pr',-1,18,0.23333333333333333703,0.48275862068965519346,0.3562746662220379612);
INSERT INTO curve_points VALUES(2,'pr',-1,19,0.23333333333333333703,0.46666666666666667406,0.35611896790380320743);
INSERT INTO curve_points VALUES(2,'pr',-1,20,0.25,0.48387096774193549819,0.35584313454396010456);
INSERT INTO curve_points VALUES(2,'pr',-1,21,0.26666666666666666296,0.5,0.35540985179598921783);
INSERT INTO curve_points VALUES(2,'pr',-1,22,0.26666666666666666296,0.42105263157894734504,0.35273368665118143283);
INSERT INTO curve_points VALUES(2,'pr',-1,23,0.28333333333333332593,0.43589743589743590312,0.3520685222676001036);
INSERT INTO curve_points VALUES(2,'pr',-1,24,0.29999999999999998889,0.4500000000000000111,0.35170673193054635685);
INSERT INTO curve_points VALUES(2,'pr',-1,25,0.31666666666666665186,0.46341463414634148643,0.3514035483770154844);
INSERT INTO curve_points VALUES(2,'pr',-1,26,0.31666666666666665186,0.40425531914893614304,0.34938179439175864882);
INSERT INTO curve_points VALUES(2,'pr',-1,27,0.33333333333333331482,0.41666666666666668517,0.34925896579133397512);
INSERT INTO curve_points VALUES(2,'pr',-1,28,0.33333333333333331482,0.35714285714285715078,0.34517617683277201923);
INSERT INTO curve_points VALUES(2,'pr',-1,29,0.34999999999999997779,0.36842105263157892691,0.34516347162906763079);
INSERT INTO curve_points VALUES(2,'pr',-1,30,0.36666666666666664076,0.37931034482758618775,0.34507261591009846801);
INSERT INTO curve_points VALUES(2,'pr',-1,31,0.38333333333333335923,0.38983050847457628718,0.34448339821894419232);
INSERT INTO curve_points VALUES(2,'pr',-1,32,0.38333333333333335923,0.33823529411764707841,0.34130286929472047896);
INSERT INTO curve_points VALUES(2,'pr',-1,33,0.4000000000000000222,0.34782608695652172947,0.34129225584844208318);
INSERT INTO curve_points VALUES(2,'pr',-1,34,0.4000000000000000222,0.32876712328767121462,0.3382807212952382847);
INSERT INTO curve_points VALUES(2,'pr',-1,35,0.41666666666666668517,0.33783783783783782883,0.33767471894077061289);
INSERT INTO curve_points VALUES(2,'pr',-1,36,0.41666666666666668517,0.32051282051282053986,0.33676605665974801429);
INSERT INTO curve_points VALUES(2,'pr',-1,37,0.43333333333333334813,0.3291139240506328889,0.33617770740497282533);
INSERT INTO curve_points VALUES(2,'pr',-1,38,0.4500000000000000111,0.3375000000000000222,0.33557333433206354422);
INSERT INTO curve_points VALUES(2,'pr',-1,39,0.4500000000000000111,0.33333333333333331482,0.3351667835079816804);
INSERT INTO curve_points VALUES(2,'pr',-1,40,0.46666666666666667406,0.34146341463414636718,0.33502465452198210149);
INSERT INTO curve_points VALUES(2,'pr',-1,41,0.46666666666666667406,0.33333333333333331482,0.33486580924136938319);
INSERT INTO curve_points VALUES(2,'pr',-1,42,0.48333333333333333703,0.34117647058823530326,0.33476465718113240788);
INSERT INTO curve_points VALUES(2,'pr',-1,43,0.5,0.34883720930232559043,0.33472469693493978049);
INSERT INTO curve_points VALUES(2,'pr',-1,44,0.51666666666666671847,0.35632183908045977904,0.33342181225242317754);
INSERT INTO curve_points VALUES(2,'pr',-1,45,0.53333333333333332593,0.36363636363636364645,0.33320452333520511611);
INSERT INTO curve_points VALUES(2,'pr',-1,46,0.5500000000000000444,0.37078651685393260173,0.33293353173312223436);
INSERT INTO curve_points VALUES(2,'pr',-1,47,0.56666666666666665186,0.3777777777777777679,0.33249036257841019237);
INSERT INTO curve_points VALUES(2,'pr',-1,48,0.56666666666666665186,0.36170212765957449052,0.33096389513485408029);
INSERT INTO curve_points VALUES(2,'pr',-1,49,0.58333333333333337034,0.36842105263157892691,0.3308446429519161791);
INSERT INTO curve_points VALUES(2,'pr',-1,50,0.58333333333333337034,0.36082474226804123196,0.32978325146399911638);
INSERT INTO curve_points VALUES(2,'pr',-1,51,0.59999999999999997779,0.36734693877551022334,0.32915255409284260856);
INSERT INTO curve_points VALUES(2,'pr',-1,52,0.61666666666666669627,0.37373737373737375699,0.32911960581373611578);
INSERT INTO curve_points VALUES(2,'pr',-1,53,0.63333333333333330372,0.38000000000000000444,0.32905622682045759797);
INSERT INTO curve_points VALUES(2,'pr',-1,54,0.6500000000000000222,0.3861386138613861485,0.32900809419136717304);
INSERT INTO curve_points VALUES(2,'pr',-1,55,0.66666666666666662965,0.39215686274509803377,0.32888405066336723336);
INSERT INTO curve_points VALUES(2,'pr',-1,56,0.66666666666666662965,0.38834951456310679018,0.32874368480637650158);
INSERT INTO curve_points VALUES(2,'pr',-1,57,0.68333333333333334813,0.39423076923076921795,0.32864790836868629231);
INSERT INTO curve_points VALUES(2,'pr',-1,58,0.68333333333333334813,0.39047619047619047671,0.3284938042087150456);
INSERT INTO curve_points VALUES(2,'pr',-1,59,0.69999999999999995559,0.39622641509433964568,0.32841605901000714418);
INSERT INTO curve_points VALUES(2,'pr',-1,60,0.71666666666666667406,0.401869158878504662,0.32730429239516151129);
INSERT INTO curve_points VALUES(2,'pr',-1,61,0.71666666666666667406,0.39449541284403671914,0.32718853797796326743);
INSERT INTO curve_points VALUES(2,'pr',-1,62,0.73333333333333328152,0.4000000000000000222,0.32701605506014047586);
INSERT INTO curve_points VALUES(2,'pr',-1,63,0.75,0.4054054054054054279,0.32661416089316602784);
INSERT INTO curve_points VALUES(2,'pr',-1,64,0.76666666666666671847,0.41071428571428569842,0.32625055987667667123);
INSERT INTO curve_points VALUES(2,'pr',-1,65,0.76666666666666671847,0.37704918032786882697,0.32345597816742155394);
INSERT INTO curve_points VALUES(2,'pr',-1,66,0.78333333333333332593,0.38211382113821140693,0.32324628012107275987);
INSERT INTO curve_points VALUES(2,'pr',-1,67,0.78333333333333332593,0.35877862595419846014,0.32014809642314262516);
INSERT INTO curve_points VALUES(2,'pr',-1,68,0.8000000000000000444,0.36363636363636364645,0.32013655160990278636);
INSERT INTO curve_points VALUES(2,'pr',-1,69,0.8000000000000000444,0.34042553191489360875,0.31739193782120994624);
INSERT INTO curve_points VALUES(2,'pr',-1,70,0.81666666666666665186,0.34507042253521125196,0.31661761201318239233);
INSERT INTO curve_points VALUES(2,'pr',-1,71,0.81666666666666665186,0.33561643835616439268,0.31276718043816931213);
INSERT INTO curve_points VALUES(2,'pr',-1,72,0.83333333333333337034,0.34013605442176869653,0.31214548018857751765);
INSERT INTO curve_points VALUES(2,'pr',-1,73,0.84999999999999997779,0.34459459459459457209,0.31207951651922977154);
INSERT INTO curve_points VALUES(2,'pr',-1,74,0.84999999999999997779,0.33333333333333331482,0.30972433896264150998);
INSERT INTO curve_points VALUES(2,'pr',-1,75,0.86666666666666669627,0.33766233766233766377,0.30954608619491441601);
INSERT INTO curve_points VALUES(2,'pr',-1,76,0.86666666666666669627,0.32298136645962732815,0.30715408122256215861);
INSERT INTO curve_points VALUES(2,'pr',-1,77,0.88333333333333330372,0.32716049382716050342,0.30693190301478034953);
INSERT INTO curve_points VALUES(2,'pr',-1,78,0.88333333333333330372,0.31736526946107784796,0.30154493543917970654);
INSERT INTO curve_points VALUES(2,'pr',-1,79,0.9000000000000000222,0.32142857142857145236,0.30021813053467100163);
INSERT INTO curve_points VALUES(2,'pr',-1,80,0.9000000000000000222,0.31764705882352939347,0.29751951099189921645);
INSERT INTO curve_points VALUES(2,'pr',-1,81,0.91666666666666662965,0.32163742690058477746,0.29645168054191900486);
INSERT INTO curve_points VALUES(2,'pr',-1,82,0.93333333333333334813,0.32558139534883723253,0.29614526753859604646);
INSERT INTO curve_points VALUES(2,'pr',-1,83,0.93333333333333334813,0.32369942196531792388,0.29197586122763691252);
INSERT INTO curve_points VALUES(2,'pr',-1,84,0.94999999999999995559,0.32758620689655171265,0.29067031987099878342);
INSERT INTO curve_points VALUES(2,'pr',-1,85,0.94999999999999995559,0.32386363636363635354,0.28790524648531867768);
INSERT INTO curve_points VALUES(2,'pr',-1,86,0.96666666666666667406,0.32768361581920901759,0.28602409893614344493);
INSERT INTO curve_points VALUES(2,'pr',-1,87,0.96666666666666667406,0.32584269662921350185,0.28435511716629163769);
INSERT INTO curve_points VALUES(2,'pr',-1,88,0.98333333333333328152,0.32960893854748601894,0.28408843075742667982);
INSERT INTO curve_points VALUES(2,'pr',-1,89,1.0,0.33333333333333331482,0.26649314143917174346);
INSERT INTO curve_points VALUES(2,'pr',0,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(2,'pr',0,1,0.050000000000000002775,1.0,0.38417946094401572709);
INSERT INTO curve_points VALUES(2,'pr',0,2,0.2000000000000000111,1.0,0.37473952037827229499);
INSERT INTO curve_points VALUES(2,'pr',0,3,0.2000000000000000111,0.66666666666666662965,0.37191565757082051257);
INSERT INTO curve_points VALUES(2,'pr',0,4,0.25,0.71428571428571430157,0.37127508284096777391);
INSERT INTO curve_points VALUES(2,'pr',0,5,0.29999999999999998889,0.75,0.36989788171330811872);
INSERT INTO curve_points VALUES(2,'pr',0,6,0.29999999999999998889,0.54545454545454541417,0.366460494981978524);
INSERT INTO curve_points VALUES(2,'pr',0,7,0.34999999999999997779,0.58333333333333337034,0.36644839202808854317);
INSERT INTO curve_points VALUES(2,'pr',0,8,0.34999999999999997779,0.4375,0.36283578772334734718);
INSERT INTO curve_points VALUES(2,'pr',0,9,0.4000000000000000222,0.47058823529411764052,0.36270572421911856375);
INSERT INTO curve_points VALUES(2,'pr',0,10,0.4000000000000000222,0.42105263157894734504,0.36213981096862163377);
INSERT INTO curve_points VALUES(2,'pr',0,11,0.4500000000000000111,0.4500000000000000111,0.36142938196238372228);
INSERT INTO curve_points VALUES(2,'pr',0,12,0.4500000000000000111,0.42857142857142854763,0.36119346689425751995);
INSERT INTO curve_points VALUES(2,'pr',0,13,0.5,0.45454545454545453031,0.36092478550662593361);
INSERT INTO curve_points VALUES(2,'pr',0,14,0.5500000000000000444,0.47826086956521740578,0.35990283152577784431);
INSERT INTO curve_points VALUES(2,'pr',0,15,0.59999999999999997779,0.5,0.35908299857303299651);
INSERT INTO curve_points VALUES(2,'pr',0,16,0.59999999999999997779,0.46153846153846156408,0.35687040712127254815);
INSERT INTO curve_points VALUES(2,'pr',0,17,0.6500000000000000222,0.48148148148148145475,0.35686084079643032307);
INSERT INTO curve_points VALUES(2,'pr',0,18,0.69999999999999995559,0.5,0.3562746662220379612);
INSERT INTO curve_points VALUES(2,'pr',0,19,0.69999999999999995559,0.48275862068965519346,0.35611896790380320743);
INSERT INTO curve_points VALUES(2,'pr',0,20,0.75,0.5,0.35584313454396010456);
INSERT INTO curve_points VALUES(2,'pr',0,21,0.8000000000000000444,0.5161290322580645018,0.35540985179598921783);
INSERT INTO curve_points VALUES(2,'pr',0,22,0.8000000000000000444,0.44444444444444441977,0.35273368665118143283);
INSERT INTO curve_points VALUES(2,'pr',0,23,0.84999999999999997779,0.45945945945945948496,0.3520685222676001036);
INSERT INTO curve_points VALUES(2,'pr',0,24,0.9000000000000000222,0.47368421052631576317,0.35170673193054635685);
INSERT INTO curve_points VALUES(2,'pr',0,25,0.94999999999999995559,0.48717948717948716952,0.3514035483770154844);
INSERT INTO curve_points VALUES(2,'pr',0,26,0.94999999999999995559,0.38775510204081631293,0.34520906957193880915);
INSERT INTO curve_points VALUES(2,'pr',0,27,1.0,0.4000000000000000222,0.34448339821894419232);
INSERT INTO curve_points VALUES(2,'pr',0,28,1.0,0.33333333333333331482,0.34039093703217715436);
INSERT INTO curve_points VALUES(2,'pr',1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(2,'pr',1,1,0.0,0.0,0.36666554168260839796);
INSERT INTO curve_points VALUES(2,'pr',1,2,0.0,0.0,0.34951268776450533648);
INSERT INTO curve_points VALUES(2,'pr',1,3,0.050000000000000002775,0.25,0.34925896579133397512);
INSERT INTO curve_points VALUES(2,'pr',1,4,0.050000000000000002775,0.14285714285714284921,0.34517617683277201923);
INSERT INTO curve_points VALUES(2,'pr',1,5,0.10000000000000000555,0.25,0.34516347162906763079);
INSERT INTO curve_points VALUES(2,'pr',1,6,0.14999999999999999444,0.33333333333333331482,0.34507261591009846801);
INSERT INTO curve_points VALUES(2,'pr',1,7,0.14999999999999999444,0.27272727272727270708,0.34131709708446050788);
INSERT INTO curve_points VALUES(2,'pr',1,8,0.2000000000000000111,0.33333333333333331482,0.34129225584844208318);
INSERT INTO curve_points VALUES(2,'pr',1,9,0.2000000000000000111,0.30769230769230770938,0.3382807212952382847);
INSERT INTO curve_points VALUES(2,'pr',1,10,0.25,0.35714285714285715078,0.33767471894077061289);
INSERT INTO curve_points VALUES(2,'pr',1,11,0.25,0.27777777777777779011,0.33676605665974801429);
INSERT INTO curve_points VALUES(2,'pr',1,12,0.29999999999999998889,0.31578947368421050878,0.33617770740497282533);
INSERT INTO curve_points VALUES(2,'pr',1,13,0.34999999999999997779,0.34999999999999997779,0.33557333433206354422);
INSERT INTO curve_points VALUES(2,'pr',1,14,0.34999999999999997779,0.33333333333333331482,0.3351667835079816804);
INSERT INTO curve_points VALUES(2,'pr',1,15,0.4000000000000000222,0.36363636363636364645,0.33502465452198210149);
INSERT INTO curve_points VALUES(2,'pr',1,16,0.4000000000000000222,0.33333333333333331482,0.33486580924136938319);
INSERT INTO curve_points VALUES(2,'pr',1,17,0.4500000000000000111,0.35999999999999998667,0.33472469693493978049);
INSERT INTO curve_points VALUES(2,'pr',1,18,0.5,0.38461538461538463673,0.33342181225242317754);
INSERT INTO curve_points VALUES(2,'pr',1,19,0.5500000000000000444,0.40740740740740738479,0.33320452333520511611);
INSERT INTO curve_points VALUES(2,'pr',1,20,0.59999999999999997779,0.42857142857142854763,0.33293353173312223436);
INSERT INTO curve_points VALUES(2,'pr',1,21,0.6500000000000000222,0.44827586206896552489,0.33249036257841019237);
INSERT INTO curve_points VALUES(2,'pr',1,22,0.6500000000000000222,0.41935483870967743547,0.33151443539531449955);
INSERT INTO curve_points VALUES(2,'pr',1,23,0.69999999999999995559,0.4375,0.3308446429519161791);
INSERT INTO curve_points VALUES(2,'pr',1,24,0.69999999999999995559,0.41176470588235292158,0.32978325146399911638);
INSERT INTO curve_points VALUES(2,'pr',1,25,0.75,0.42857142857142854763,0.32915255409284260856);
INSERT INTO curve_points VALUES(2,'pr',1,26,0.75,0.41666666666666668517,0.32874368480637650158);
INSERT INTO curve_points VALUES(2,'pr',1,27,0.8000000000000000444,0.43243243243243245643,0.32864790836868629231);
INSERT INTO curve_points VALUES(2,'pr',1,28,0.8000000000000000444,0.42105263157894734504,0.3284938042087150456);
INSERT INTO curve_points VALUES(2,'pr',1,29,0.84999999999999997779,0.43589743589743590312,0.32730429239516151129);
INSERT INTO curve_points VALUES(2,'pr',1,30,0.84999999999999997779,0.41463414634146339432,0.32718853797796326743);
INSERT INTO curve_points VALUES(2,'pr',1,31,0.9000000000000000222,0.42857142857142854763,0.32701605506014047586);
INSERT INTO curve_points VALUES(2,'pr',1,32,0.94999999999999995559,0.44186046511627907751,0.32661416089316602784);
INSERT INTO curve_points VALUES(2,'pr',1,33,1.0,0.45454545454545453031,0.32625055987667667123);
INSERT INTO curve_points VALUES(2,'pr',1,34,1.0,0.33333333333333331482,0.31751795291868023518);
INSERT INTO curve_points VALUES(2,'pr',2,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(2,'pr',2,1,0.050000000000000002775,1.0,0.33476465718113240788);
INSERT INTO curve_points VALUES(2,'pr',2,2,0.050000000000000002775,0.33333333333333331482,0.33096389513485408029);
INSERT INTO curve_points VALUES(2,'pr',2,3,0.10000000000000000555,0.5,0.32911960581373611578);
INSERT INTO curve_points VALUES(2,'pr',2,4,0.14999999999999999444,0.59999999999999997779,0.32905622682045759797);
INSERT INTO curve_points VALUES(2,'pr',2,5,0.2000000000000000111,0.66666666666666662965,0.32900809419136717304);
INSERT INTO curve_points VALUES(2,'pr',2,6,0.25,0.71428571428571430157,0.32888405066336723336);
INSERT INTO curve_points VALUES(2,'pr',2,7,0.29999999999999998889,0.75,0.32841605901000714418);
INSERT INTO curve_points VALUES(2,'pr',2,8,0.29999999999999998889,0.54545454545454541417,0.32457632864280611117);
INSERT INTO curve_points VALUES(2,'pr',2,9,0.34999999999999997779,0.58333333333333337034,0.32324628012107275987);
INSERT INTO curve_points VALUES(2,'pr',2,10,0.34999999999999997779,0.4375,0.32021630168628795187);
INSERT INTO curve_points VALUES(2,'pr',2,11,0.4000000000000000222,0.47058823529411764052,0.32013655160990278636);
INSERT INTO curve_points VALUES(2,'pr',2,12,0.4000000000000000222,0.38095238095238093123,0.31739193782120994624);
INSERT INTO curve_points VALUES(2,'pr',2,13,0.4500000000000000111,0.40909090909090911614,0.31661761201318239233);
INSERT INTO curve_points VALUES(2,'pr',2,14,0.4500000000000000111,0.3461538461538461453,0.31276718043816931213);
INSERT INTO curve_points VALUES(2,'pr',2,15,0.5,0.37037037037037034981,0.31214548018857751765);
INSERT INTO curve_points VALUES(2,'pr',2,16,0.5500000000000000444,0.39285714285714284921,0.31207951651922977154);
INSERT INTO curve_points VALUES(2,'pr',2,17,0.5500000000000000444,0.33333333333333331482,0.30972433896264150998);
INSERT INTO curve_points VALUES(2,'pr',2,18,0.59999999999999997779,0.35294117647058825815,0.30954608619491441601);
INSERT INTO curve_points VALUES(2,'pr',2,19,0.59999999999999997779,0.29268292682926827508,0.30715408122256215861);
INSERT INTO curve_points VALUES(2,'pr',2,20,0.6500000000000000222,0.30952380952380953438,0.30693190301478034953);
INSERT INTO curve_points VALUES(2,'pr',2,21,0.6500000000000000222,0.27659574468085107445,0.30154493543917970654);
INSERT INTO curve_points VALUES(2,'pr',2,22,0.69999999999999995559,0.29166666666666668517,0.30021813053467100163);
INSERT INTO curve_points VALUES(2,'pr',2,23,0.69999999999999995559,0.28000000000000002664,0.29751951099189921645);
INSERT INTO curve_points VALUES(2,'pr',2,24,0.75,0.2941176470588235392,0.29645168054191900486);
INSERT INTO curve_points VALUES(2,'pr',2,25,0.8000000000000000444,0.30769230769230770938,0.29614526753859604646);
INSERT INTO curve_points VALUES(2,'pr',2,26,0.8000000000000000444,0.30188679245283017715,0.29197586122763691252);
INSERT INTO curve_points VALUES(2,'pr',2,27,0.84999999999999997779,0.31481481481481482509,0.29067031987099878342);
INSERT INTO curve_points VALUES(2,'pr',2,28,0.84999999999999997779,0.30357142857142854763,0.28790524648531867768);
INSERT INTO curve_points VALUES(2,'pr',2,29,0.9000000000000000222,0.31578947368421050878,0.28602409893614344493);
INSERT INTO curve_points VALUES(2,'pr',2,30,0.9000000000000000222,0.31034482758620690612,0.28435511716629163769);
INSERT INTO curve_points VALUES(2,'pr',2,31,0.94999999999999995559,0.32203389830508472035,0.28408843075742667982);
INSERT INTO curve_points VALUES(2,'pr',2,32,1.0,0.33333333333333331482,0.26649314143917174346);
INSERT INTO curve_points VALUES(2,'roc',-2,0,0.0,0.0,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,1,0.0,0.083333333333333328707,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,2,0.050000000000000002775,0.083333333333333328707,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,3,0.050000000000000002775,0.19999999999999998334,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,4,0.074999999999999997224,0.19999999999999998334,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,5,0.074999999999999997224,0.21666666666666664631,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,6,0.125,0.21666666666666664631,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,7,0.125,0.25,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,8,0.14999999999999999444,0.25,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,9,0.14999999999999999444,0.28333333333333332593,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,10,0.2000000000000000111,0.28333333333333332593,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,11,0.2000000000000000111,0.29999999999999998889,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,12,0.22500000000000000555,0.29999999999999998889,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,13,0.22500000000000000555,0.3500000000000000333,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,14,0.2750000000000000222,0.3500000000000000333,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,15,0.2750000000000000222,0.36666666666666669627,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,16,0.29999999999999998889,0.36666666666666669627,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,17,0.29999999999999998889,0.41666666666666668517,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,18,0.3250000000000000111,0.41666666666666668517,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,19,0.3250000000000000111,0.46666666666666661855,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,20,0.34999999999999997779,0.46666666666666661855,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,21,0.34999999999999997779,0.51666666666666671847,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,22,0.375,0.51666666666666671847,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,23,0.375,0.5500000000000000444,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,24,0.4000000000000000222,0.5500000000000000444,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,25,0.4000000000000000222,0.63333333333333341474,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,26,0.42499999999999998889,0.63333333333333341474,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,27,0.42499999999999998889,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,28,0.4500000000000000111,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,29,0.4500000000000000111,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,30,0.5,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,31,0.5,0.75,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,32,0.5250000000000000222,0.75,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,33,0.5250000000000000222,0.76666666666666660745,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,34,0.5500000000000000444,0.76666666666666660745,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,35,0.5500000000000000444,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,36,0.59999999999999997779,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,37,0.59999999999999997779,0.84999999999999997779,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,38,0.72499999999999997779,0.84999999999999997779,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,39,0.72499999999999997779,0.86666666666666669627,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,40,0.75,0.86666666666666669627,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,41,0.75,0.88333333333333330372,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,42,0.84999999999999997779,0.88333333333333330372,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,43,0.84999999999999997779,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,44,0.9000000000000000222,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,45,0.9000000000000000222,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,46,0.9250000000000000444,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,47,0.9250000000000000444,0.95000000000000006661,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,48,0.97499999999999997779,0.95000000000000006661,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,49,0.97499999999999997779,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,50,1.0,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(2,'roc',-2,51,1.0,1.0,NULL);
INSERT INTO curve_points VALUES(2,'roc',-1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(2,'roc',-1,1,0.0,0.066666666666666665741,0.37473952037827229499);
INSERT INTO curve_points VALUES(2,'roc',-1,2,0.016666666666666666435,0.066666666666666665741,0.37191565757082051257);
INSERT INTO curve_points VALUES(2,'roc',-1,3,0.016666666666666666435,0.10000000000000000555,0.36989788171330811872);
INSERT INTO curve_points VALUES(2,'roc',-1,4,0.050000000000000002775,0.10000000000000000555,0.366460494981978524);
INSERT INTO curve_points VALUES(2,'roc',-1,5,0.050000000000000002775,0.11666666666666666851,0.36644839202808854317);
INSERT INTO curve_points VALUES(2,'roc',-1,6,0.083333333333333328707,0.11666666666666666851,0.36283578772334734718);
INSERT INTO curve_points VALUES(2,'roc',-1,7,0.083333333333333328707,0.13333333333333333148,0.36270572421911856375);
INSERT INTO curve_points VALUES(2,'roc',-1,8,0.10000000000000000555,0.13333333333333333148,0.36213981096862163377);
INSERT INTO curve_points VALUES(2,'roc',-1,9,0.10000000000000000555,0.14999999999999999444,0.36142938196238372228);
INSERT INTO curve_points VALUES(2,'roc',-1,10,0.10833333333333333703,0.14999999999999999444,0.36119346689425751995);
INSERT INTO curve_points VALUES(2,'roc',-1,11,0.10833333333333333703,0.2000000000000000111,0.35908299857303299651);
INSERT INTO curve_points VALUES(2,'roc',-1,12,0.125,0.2000000000000000111,0.35687040712127254815);
INSERT INTO curve_points VALUES(2,'roc',-1,13,0.125,0.23333333333333333703,0.3562746662220379612);
INSERT INTO curve_points VALUES(2,'roc',-1,14,0.13333333333333333148,0.23333333333333333703,0.35611896790380320743);
INSERT INTO curve_points VALUES(2,'roc',-1,15,0.13333333333333333148,0.26666666666666666296,0.35540985179598921783);
INSERT INTO curve_points VALUES(2,'roc',-1,16,0.18333333333333332038,0.26666666666666666296,0.35273368665118143283);
INSERT INTO curve_points VALUES(2,'roc',-1,17,0.18333333333333332038,0.31666666666666665186,0.3514035483770154844);
INSERT INTO curve_points VALUES(2,'roc',-1,18,0.23333333333333333703,0.31666666666666665186,0.34938179439175864882);
INSERT INTO curve_points VALUES(2,'roc',-1,19,0.23333333333333333703,0.33333333333333331482,0.34925896579133397512);
INSERT INTO curve_points VALUES(2,'roc',-1,20,0.29999999999999998889,0.33333333333333331482,0.34517617683277201923);
INSERT INTO curve_points VALUES(2,'roc',-1,21,0.29999999999999998889,0.38333333333333335923,0.34448339821894419232);
INSERT INTO curve_points VALUES(2,'roc',-1,22,0.375,0.38333333333333335923,0.34130286929472047896);
INSERT INTO curve_points VALUES(2,'roc',-1,23,0.375,0.4000000000000000222,0.34129225584844208318);
INSERT INTO curve_points VALUES(2,'roc',-1,24,0.40833333333333332593,0.4000000000000000222,0.3382807212952382847);
INSERT INTO curve_points VALUES(2,'roc',-1,25,0.40833333333333332593,0.41666666666666668517,0.33767471894077061289);
INSERT INTO curve_points VALUES(2,'roc',-1,26,0.44166666666666665186,0.41666666666666668517,0.33676605665974801429);
INSERT INTO curve_points VALUES(2,'roc',-1,27,0.44166666666666665186,0.4500000000000000111,0.33557333433206354422);
INSERT INTO curve_points VALUES(2,'roc',-1,28,0.4500000000000000111,0.4500000000000000111,0.3351667835079816804);
INSERT INTO curve_points VALUES(2,'roc',-1,29,0.4500000000000000111,0.46666666666666667406,0.33502465452198210149);
INSERT INTO curve_points VALUES(2,'roc',-1,30,0.46666666666666667406,0.46666666666666667406,0.33486580924136938319);
INSERT INTO curve_points VALUES(2,'roc',-1,31,0.46666666666666667406,0.56666666666666665186,0.33249036257841019237);
INSERT INTO curve_points VALUES(2,'roc',-1,32,0.5,0.56666666666666665186,0.33096389513485408029);
INSERT INTO curve_points VALUES(2,'roc',-1,33,0.5,0.58333333333333337034,0.3308446429519161791);
INSERT INTO curve_points VALUES(2,'roc',-1,34,0.51666666666666671847,0.58333333333333337034,0.32978325146399911638);
INSERT INTO curve_points VALUES(2,'roc',-1,35,0.51666666666666671847,0.66666666666666662965,0.32888405066336723336);
INSERT INTO curve_points VALUES(2,'roc',-1,36,0.5250000000000000222,0.66666666666666662965,0.32874368480637650158);
INSERT INTO curve_points VALUES(2,'roc',-1,37,0.5250000000000000222,0.68333333333333334813,0.32864790836868629231);
INSERT INTO curve_points VALUES(2,'roc',-1,38,0.53333333333333332593,0.68333333333333334813,0.3284938042087150456);
INSERT INTO curve_points VALUES(2,'roc',-1,39,0.53333333333333332593,0.71666666666666667406,0.32730429239516151129);
INSERT INTO curve_points VALUES(2,'roc',-1,40,0.5500000000000000444,0.71666666666666667406,0.32718853797796326743);
INSERT INTO curve_points VALUES(2,'roc',-1,41,0.5500000000000000444,0.76666666666666671847,0.32625055987667667123);
INSERT INTO curve_points VALUES(2,'roc',-1,42,0.63333333333333330372,0.76666666666666671847,0.32345597816742155394);
INSERT INTO curve_points VALUES(2,'roc',-1,43,0.63333333333333330372,0.78333333333333332593,0.32324628012107275987);
INSERT INTO curve_points VALUES(2,'roc',-1,44,0.69999999999999995559,0.78333333333333332593,0.32014809642314262516);
INSERT INTO curve_points VALUES(2,'roc',-1,45,0.69999999999999995559,0.8000000000000000444,0.32013655160990278636);
INSERT INTO curve_points VALUES(2,'roc',-1,46,0.7750000000000000222,0.8000000000000000444,0.31739193782120994624);
INSERT INTO curve_points VALUES(2,'roc',-1,47,0.7750000000000000222,0.81666666666666665186,0.31661761201318239233);
INSERT INTO curve_points VALUES(2,'roc',-1,48,0.80833333333333334813,0.81666666666666665186,0.31276718043816931213);
INSERT INTO curve_points VALUES(2,'roc',-1,49,0.80833333333333334813,0.84999999999999997779,0.31207951651922977154);
INSERT INTO curve_points VALUES(2,'roc',-1,50,0.84999999999999997779,0.84999999999999997779,0.30972433896264150998);
INSERT INTO curve_points VALUES(2,'roc',-1,51,0.84999999999999997779,0.86666666666666669627,0.30954608619491441601);
INSERT INTO curve_points VALUES(2,'roc',-1,52,0.90833333333333332593,0.86666666666666669627,0.30715408122256215861);
INSERT INTO curve_points VALUES(2,'roc',-1,53,0.90833333333333332593,0.88333333333333330372,0.30693190301478034953);
INSERT INTO curve_points VALUES(2,'roc',-1,54,0.94999999999999995559,0.88333333333333330372,0.30154493543917970654);
INSERT INTO curve_points VALUES(2,'roc',-1,55,0.94999999999999995559,0.9000000000000000222,0.30021813053467100163);
INSERT INTO curve_points VALUES(2,'roc',-1,56,0.96666666666666667406,0.9000000000000000222,0.29751951099189921645);
INSERT INTO curve_points VALUES(2,'roc',-1,57,0.96666666666666667406,0.93333333333333334813,0.29614526753859604646);
INSERT INTO curve_points VALUES(2,'roc',-1,58,0.97499999999999997779,0.93333333333333334813,0.29197586122763691252);
INSERT INTO curve_points VALUES(2,'roc',-1,59,0.97499999999999997779,0.94999999999999995559,0.29067031987099878342);
INSERT INTO curve_points VALUES(2,'roc',-1,60,0.99166666666666669627,0.94999999999999995559,0.28790524648531867768);
INSERT INTO curve_points VALUES(2,'roc',-1,61,0.99166666666666669627,0.96666666666666667406,0.28602409893614344493);
INSERT INTO curve_points VALUES(2,'roc',-1,62,1.0,0.96666666666666667406,0.28435511716629163769);
INSERT INTO curve_points VALUES(2,'roc',-1,63,1.0,1.0,0.26649314143917174346);
INSERT INTO curve_points VALUES(2,'roc',0,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(2,'roc',0,1,0.0,0.2000000000000000111,0.37473952037827229499);
INSERT INTO curve_points VALUES(2,'roc',0,2,0.050000000000000002775,0.2000000000000000111,0.37191565757082051257);
INSERT INTO curve_points VALUES(2,'roc',0,3,0.050000000000000002775,0.29999999999999998889,0.36989788171330811872);
INSERT INTO curve_points VALUES(2,'roc',0,4,0.125,0.29999999999999998889,0.366460494981978524);
INSERT INTO curve_points VALUES(2,'roc',0,5,0.125,0.34999999999999997779,0.36644839202808854317);
INSERT INTO curve_points VALUES(2,'roc',0,6,0.22500000000000000555,0.34999999999999997779,0.36283578772334734718);
INSERT INTO curve_points VALUES(2,'roc',0,7,0.22500000000000000555,0.4000000000000000222,0.36270572421911856375);
INSERT INTO curve_points VALUES(2,'roc',0,8,0.2750000000000000222,0.4000000000000000222,0.36213981096862163377);
INSERT INTO curve_points VALUES(2,'roc',0,9,0.2750000000000000222,0.4500000000000000111,0.36142938196238372228);
INSERT INTO curve_points VALUES(2,'roc',0,10,0.29999999999999998889,0.4500000000000000111,0.36119346689425751995);
INSERT INTO curve_points VALUES(2,'roc',0,11,0.29999999999999998889,0.59999999999999997779,0.35908299857303299651);
INSERT INTO curve_points VALUES(2,'roc',0,12,0.34999999999999997779,0.59999999999999997779,0.35687040712127254815);
INSERT INTO curve_points VALUES(2,'roc',0,13,0.34999999999999997779,0.69999999999999995559,0.3562746662220379612);
INSERT INTO curve_points VALUES(2,'roc',0,14,0.375,0.69999999999999995559,0.35611896790380320743);
INSERT INTO curve_points VALUES(2,'roc',0,15,0.375,0.8000000000000000444,0.35540985179598921783);
INSERT INTO curve_points VALUES(2,'roc',0,16,0.5,0.8000000000000000444,0.35273368665118143283);
INSERT INTO curve_points VALUES(2,'roc',0,17,0.5,0.94999999999999995559,0.3514035483770154844);
INSERT INTO curve_points VALUES(2,'roc',0,18,0.75,0.94999999999999995559,0.34520906957193880915);
INSERT INTO curve_points VALUES(2,'roc',0,19,0.75,1.0,0.34448339821894419232);
INSERT INTO curve_points VALUES(2,'roc',0,20,1.0,1.0,0.34039093703217715436);
INSERT INTO curve_points VALUES(2,'roc',1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(2,'roc',1,1,0.074999999999999997224,0.0,0.34951268776450533648);
INSERT INTO curve_points VALUES(2,'roc',1,2,0.074999999999999997224,0.050000000000000002775,0.34925896579133397512);
INSERT INTO curve_points VALUES(2,'roc',1,3,0.14999999999999999444,0.050000000000000002775,0.34517617683277201923);
INSERT INTO curve_points VALUES(2,'roc',1,4,0.14999999999999999444,0.14999999999999999444,0.34507261591009846801);
INSERT INTO curve_points VALUES(2,'roc',1,5,0.2000000000000000111,0.14999999999999999444,0.34131709708446050788);
INSERT INTO curve_points VALUES(2,'roc',1,6,0.2000000000000000111,0.2000000000000000111,0.34129225584844208318);
INSERT INTO curve_points VALUES(2,'roc',1,7,0.22500000000000000555,0.2000000000000000111,0.3382807212952382847);
INSERT INTO curve_points VALUES(2,'roc',1,8,0.22500000000000000555,0.25,0.33767471894077061289);
INSERT INTO curve_points VALUES(2,'roc',1,9,0.3250000000000000111,0.25,0.33676605665974801429);
INSERT INTO curve_points VALUES(2,'roc',1,10,0.3250000000000000111,0.34999999999999997779,0.33557333433206354422);
INSERT INTO curve_points VALUES(2,'roc',1,11,0.34999999999999997779,0.34999999999999997779,0.3351667835079816804);
INSERT INTO curve_points VALUES(2,'roc',1,12,0.34999999999999997779,0.4000000000000000222,0.33502465452198210149);
INSERT INTO curve_points VALUES(2,'roc',1,13,0.4000000000000000222,0.4000000000000000222,0.33486580924136938319);
INSERT INTO curve_points VALUES(2,'roc',1,14,0.4000000000000000222,0.6500000000000000222,0.33249036257841019237);
INSERT INTO curve_points VALUES(2,'roc',1,15,0.4500000000000000111,0.6500000000000000222,0.33151443539531449955);
INSERT INTO curve_points VALUES(2,'roc',1,16,0.4500000000000000111,0.69999999999999995559,0.3308446429519161791);
INSERT INTO curve_points VALUES(2,'roc',1,17,0.5,0.69999999999999995559,0.32978325146399911638);
INSERT INTO curve_points VALUES(2,'roc',1,18,0.5,0.75,0.32915255409284260856);
INSERT INTO curve_points VALUES(2,'roc',1,19,0.5250000000000000222,0.75,0.32874368480637650158);
INSERT INTO curve_points VALUES(2,'roc',1,20,0.5250000000000000222,0.8000000000000000444,0.32864790836868629231);
INSERT INTO curve_points VALUES(2,'roc',1,21,0.5500000000000000444,0.8000000000000000444,0.3284938042087150456);
INSERT INTO curve_points VALUES(2,'roc',1,22,0.5500000000000000444,0.84999999999999997779,0.32730429239516151129);
INSERT INTO curve_points VALUES(2,'roc',1,23,0.59999999999999997779,0.84999999999999997779,0.32718853797796326743);
INSERT INTO curve_points VALUES(2,'roc',1,24,0.59999999999999997779,1.0,0.32625055987667667123);
INSERT INTO curve_points VALUES(2,'roc',1,25,1.0,1.0,0.31751795291868023518);
INSERT INTO curve_points VALUES(2,'roc',2,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(2,'roc',2,1,0.0,0.050000000000000002775,0.33476465718113240788);
INSERT INTO curve_points VALUES(2,'roc',2,2,0.050000000000000002775,0.050000000000000002775,0.33096389513485408029);
INSERT INTO curve_points VALUES(2,'roc',2,3,0.050000000000000002775,0.29999999999999998889,0.32841605901000714418);
INSERT INTO curve_points VALUES(2,'roc',2,4,0.125,0.29999999999999998889,0.32457632864280611117);
INSERT INTO curve_points VALUES(2,'roc',2,5,0.125,0.34999999999999997779,0.32324628012107275987);
INSERT INTO curve_points VALUES(2,'roc',2,6,0.22500000000000000555,0.34999999999999997779,0.32021630168628795187);
INSERT INTO curve_points VALUES(2,'roc',2,7,0.22500000000000000555,0.4000000000000000222,0.32013655160990278636);
INSERT INTO curve_points VALUES(2,'roc',2,8,0.3250000000000000111,0.4000000000000000222,0.31739193782120994624);
INSERT INTO curve_points VALUES(2,'roc',2,9,0.3250000000000000111,0.4500000000000000111,0.31661761201318239233);
INSERT INTO curve_points VALUES(2,'roc',2,10,0.42499999999999998889,0.4500000000000000111,0.31276718043816931213);
INSERT INTO curve_points VALUES(2,'roc',2,11,0.42499999999999998889,0.5500000000000000444,0.31207951651922977154);
INSERT INTO curve_points VALUES(2,'roc',2,12,0.5500000000000000444,0.5500000000000000444,0.30972433896264150998);
INSERT INTO curve_points VALUES(2,'roc',2,13,0.5500000000000000444,0.59999999999999997779,0.30954608619491441601);
INSERT INTO curve_points VALUES(2,'roc',2,14,0.72499999999999997779,0.59999999999999997779,0.30715408122256215861);
INSERT INTO curve_points VALUES(2,'roc',2,15,0.72499999999999997779,0.6500000000000000222,0.30693190301478034953);
INSERT INTO curve_points VALUES(2,'roc',2,16,0.84999999999999997779,0.6500000000000000222,0.30154493543917970654);
INSERT INTO curve_points VALUES(2,'roc',2,17,0.84999999999999997779,0.69999999999999995559,0.30021813053467100163);
INSERT INTO curve_points VALUES(2,'roc',2,18,0.9000000000000000222,0.69999999999999995559,0.29751951099189921645);
INSERT INTO curve_points VALUES(2,'roc',2,19,0.9000000000000000222,0.8000000000000000444,0.29614526753859604646);
INSERT INTO curve_points VALUES(2,'roc',2,20,0.9250000000000000444,0.8000000000000000444,0.29197586122763691252);
INSERT INTO curve_points VALUES(2,'roc',2,21,0.9250000000000000444,0.84999999999999997779,0.29067031987099878342);
INSERT INTO curve_points VALUES(2,'roc',2,22,0.97499999999999997779,0.84999999999999997779,0.28790524648531867768);
INSERT INTO curve_points VALUES(2,'roc',2,23,0.97499999999999997779,0.9000000000000000222,0.28602409893614344493);
INSERT INTO curve_points VALUES(2,'roc',2,24,1.0,0.9000000000000000222,0.28435511716629163769);
INSERT INTO curve_points VALUES(2,'roc',2,25,1.0,1.0,0.26649314143917174346);
INSERT INTO curve_points VALUES(3,'pr',-1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(3,'pr',-1,1,0.016666666666666666435,1.0,0.40090663792591407776);
INSERT INTO curve_points VALUES(3,'pr',-1,2,0.066666666666666665741,1.0,0.391726338068212665);
INSERT INTO curve_points VALUES(3,'pr',-1,3,0.066666666666666665741,0.8000000000000000444,0.39164243197015335962);
INSERT INTO curve_points VALUES(3,'pr',-1,4,0.083333333333333328707,0.83333333333333337034,0.39039958113304323861);
INSERT INTO curve_points VALUES(3,'pr',-1,5,0.10000000000000000555,0.85714285714285709527,0.39017228067092285526);
INSERT INTO curve_points VALUES(3,'pr',-1,6,0.11666666666666666851,0.875,0.38978993535740297238);
INSERT INTO curve_points VALUES(3,'pr',-1,7,0.13333333333333333148,0.88888888888888883954,0.38901590278746922546);
INSERT INTO curve_points VALUES(3,'pr',-1,8,0.14999999999999999444,0.9000000000000000222,0.38889786125948977435);
INSERT INTO curve_points VALUES(3,'pr',-1,9,0.16666666666666665741,0.90909090909090906063,0.38802554297603453203);
INSERT INTO curve_points VALUES(3,'pr',-1,10,0.18333333333333332038,0.91666666666666662965,0.38427772597263215592);
INSERT INTO curve_points VALUES(3,'pr',-1,11,0.2000000000000000111,0.92307692307692312816,0.38406522226393702279);
INSERT INTO curve_points VALUES(3,'pr',-1,12,0.2000000000000000111,0.8000000000000000444,0.38129887588947752874);
INSERT INTO curve_points VALUES(3,'pr',-1,13,0.21666666666666667406,0.8125,0.37959120381761635165);
INSERT INTO curve_points VALUES(3,'pr',-1,14,0.21666666666666667406,0.72222222222222220988,0.37864257339180035222);
INSERT INTO curve_points VALUES(3,'pr',-1,15,0.23333333333333333703,0.73684210526315785383,0.37808594566116826563);
INSERT INTO curve_points VALUES(3,'pr',-1,16,0.23333333333333333703,0.69999999999999995559,0.37788097375965634672);
INSERT INTO curve_points VALUES(3,'pr',-1,17,0.25,0.71428571428571430157,0.37709715484777173166);
INSERT INTO curve_points VALUES(3,'pr',-1,18,0.25,0.65217391304347827052,0.37686901838043185275);
INSERT INTO curve_points VALUES(3,'pr',-1,19,0.26666666666666666296,0.66666666666666662965,0.37647392493835674098);
INSERT INTO curve_points VALUES(3,'pr',-1,20,0.26666666666666666296,0.61538461538461541877,0.37560041777526975703);
INSERT INTO curve_points VALUES(3,'pr',-1,21,0.28333333333333332593,0.62962962962962965018,0.37532972425104726976);
INSERT INTO curve_points VALUES(3,'pr',-1,22,0.29999999999999998889,0.64285714285714290472,0.37484779815836188898);
INSERT INTO curve_points VALUES(3,'pr',-1,23,0.29999999999999998889,0.5625,0.37260965226495496027);
INSERT INTO curve_points VALUES(3,'pr',-1,24,0.31666666666666665186,0.57575757575757580131,0.3721651924422783586);
INSERT INTO curve_points VALUES(3,'pr',-1,25,0.31666666666666665186,0.5135135135135134865,0.36976560049990603307);
INSERT INTO curve_points VALUES(3,'pr',-1,26,0.33333333333333331482,0.5263157894736841813,0.36849271991762089228);
INSERT INTO curve_points VALUES(3,'pr',-1,27,0.33333333333333331482,0.48780487804878047697,0.36648983630837644875);
INSERT INTO curve_points VALUES(3,'pr',-1,28,0.34999999999999997779,0.5,0.3658916733967630952);
INSERT INTO curve_points VALUES(3,'pr',-1,29,0.36666666666666664076,0.5116279069767442067,0.36562693500067500185);
INSERT INTO curve_points VALUES(3,'pr',-1,30,0.38333333333333335923,0.52272727272727270708,0.3655599404203286884);
INSERT INTO curve_points VALUES(3,'pr',-1,31,0.38333333333333335923,0.51111111111111107163,0.36414902588392544791);
INSERT INTO curve_points VALUES(3,'pr',-1,32,0.4000000000000000222,0.52173913043478259421,0.36056780012590583517);
INSERT INTO curve_points VALUES(3,'pr',-1,33,0.4000000000000000222,0.5,0.35985001066172134231);
INSERT INTO curve_points VALUES(3,'pr',-1,34,0.41666666666666668517,0.51020408163265307255,0.35840164634833315826);
INSERT INTO curve_points VALUES(3,'pr',-1,35,0.41666666666666668517,0.5,0.35795349050422414771);
INSERT INTO curve_points VALUES(3,'pr',-1,36,0.43333333333333334813,0.50980392156862741614,0.35663065580890024319);
INSERT INTO curve_points VALUES(3,'pr',-1,37,0.4500000000000000111,0.51923076923076927347,0.35615944383981673615);
INSERT INTO curve_points VALUES(3,'pr',-1,38,0.46666666666666667406,0.5283018867924528239,0.35602394219643096473);
INSERT INTO curve_points VALUES(3,'pr',-1,39,0.46666666666666667406,0.49122807017543856922,0.35513229914701044398);
INSERT INTO curve_points VALUES(3,'pr',-1,40,0.48333333333333333703,0.5,0.35468972947681498553);
INSERT INTO curve_points VALUES(3,'pr',-1,41,0.48333333333333333703,0.46774193548387094088,0.35341540957174422121);
INSERT INTO curve_points VALUES(3,'pr',-1,42,0.5,0.47619047619047616404,0.35247165255186357901);
INSERT INTO curve_points VALUES(3,'pr',-1,43,0.5,0.46153846153846156408,0.35122037999129279706);
INSERT INTO curve_points VALUES(3,'pr',-1,44,0.51666666666666671847,0.46969696969696972388,0.35121873318421281684);
INSERT INTO curve_points VALUES(3,'pr',-1,45,0.51666666666666671847,0.45588235294117646079,0.35022341864767098096);
INSERT INTO curve_points VALUES(3,'pr',-1,46,0.53333333333333332593,0.46376811594202899113,0.34958292529157425354);
INSERT INTO curve_points VALUES(3,'pr',-1,47,0.53333333333333332593,0.45070422535211268622,0.34768124238734199327);
INSERT INTO curve_points VALUES(3,'pr',-1,48,0.5500000000000000444,0.45833333333333331482,0.34733250232865980899);
INSERT INTO curve_points VALUES(3,'pr',-1,49,0.5500000000000000444,0.44000000000000000222,0.34599015018840717505);
INSERT INTO curve_points VALUES(3,'pr',-1,50,0.56666666666666665186,0.44736842105263158186,0.3445823352778837334);
INSERT INTO curve_points VALUES(3,'pr',-1,51,0.56666666666666665186,0.43589743589743590312,0.34343064291778208074);
INSERT INTO curve_points VALUES(3,'pr',-1,52,0.58333333333333337034,0.44303797468354427779,0.34305217373361723831);
INSERT INTO curve_points VALUES(3,'pr',-1,53,0.59999999999999997779,0.4500000000000000111,0.3400067294965000153);
INSERT INTO curve_points VALUES(3,'pr',-1,54,0.59999999999999997779,0.42352941176470587647,0.3355185753168118401);
INSERT INTO curve_points VALUES(3,'pr',-1,55,0.61666666666666669627,0.43023255813953487081,0.33455466268330275037);
INSERT INTO curve_points VALUES(3,'pr',-1,56,0.61666666666666669627,0.42045454545454546968,0.33264014658147822434);
INSERT INTO curve_points VALUES(3,'pr',-1,57,0.63333333333333330372,0.42696629213483144882,0.33243264685618123532);
INSERT INTO curve_points VALUES(3,'pr',-1,58,0.63333333333333330372,0.40425531914893614304,0.33026806308464728978);
INSERT INTO curve_points VALUES(3,'pr',-1,59,0.6500000000000000222,0.41052631578947368362,0.32949353290756977497);
INSERT INTO curve_points VALUES(3,'pr',-1,60,0.6500000000000000222,0.36111111111111110494,0.32398998088940000883);
INSERT INTO curve_points VALUES(3,'pr',-1,61,0.66666666666666662965,0.36697247706422020385,0.32385011699534460571);
INSERT INTO curve_points VALUES(3,'pr',-1,62,0.66666666666666662965,0.34482758620689657469,0.31689845698309793142);
INSERT INTO curve_points VALUES(3,'pr',-1,63,0.68333333333333334813,0.35042735042735040362,0.31651271233775379876);
INSERT INTO curve_points VALUES(3,'pr',-1,64,0.68333333333333334813,0.33884297520661155189,0.31068459647162510739);
INSERT INTO curve_points VALUES(3,'pr',-1,65,0.69999999999999995559,0.34426229508196720674,0.30809062241151630168);
INSERT INTO curve_points VALUES(3,'pr',-1,66,0.71666666666666667406,0.34959349593495936403,0.30632860742425094269);
INSERT INTO curve_points VALUES(3,'pr',-1,67,0.73333333333333328152,0.35483870967741937274,0.30625147088567233888);
INSERT INTO curve_points VALUES(3,'pr',-1,68,0.75,0.35999999999999998667,0.30316105602898602011);
INSERT INTO curve_points VALUES(3,'pr',-1,69,0.76666666666666671847,0.36507936507936505909,0.30311255894746036432);
INSERT INTO curve_points VALUES(3,'pr',-1,70,0.78333333333333332593,0.3700787401574803237,0.30259676941313767839);
INSERT INTO curve_points VALUES(3,'pr',-1,71,0.78333333333333332593,0.36434108527131781052,0.30187962760540304474);
INSERT INTO curve_points VALUES(3,'pr',-1,72,0.8000000000000000444,0.36923076923076925126,0.30130437045178226629);
INSERT INTO curve_points VALUES(3,'pr',-1,73,0.81666666666666665186,0.37404580152671756954,0.30087001711014543792);
INSERT INTO curve_points VALUES(3,'pr',-1,74,0.81666666666666665186,0.37121212121212121548,0.30085457462150572149);
INSERT INTO curve_points VALUES(3,'pr',-1,75,0.83333333333333337034,0.3759398496240601295,0.30034511041679146092);
INSERT INTO curve_points VALUES(3,'pr',-1,76,0.84999999999999997779,0.38059701492537312272,0.30022734528903305406);
INSERT INTO curve_points VALUES(3,'pr',-1,77,0.86666666666666669627,0.385185185185185186,0.29967894608088885277);
INSERT INTO curve_points VALUES(3,'pr',-1,78,0.86666666666666669627,0.38235294117647056211,0.29824862939474389156);
INSERT INTO curve_points VALUES(3,'pr',-1,79,0.88333333333333330372,0.38686131386861316583,0.29803467579977171997);
INSERT INTO curve_points VALUES(3,'pr',-1,80,0.9000000000000000222,0.39130434782608697341,0.29736744571879958343);
INSERT INTO curve_points VALUES(3,'pr',-1,81,0.9000000000000000222,0.38028169014084506338,0.29561587341711625942);
INSERT INTO curve_points VALUES(3,'pr',-1,82,0.91666666666666662965,0.38461538461538463673,0.29551668558015420362);
INSERT INTO curve_points VALUES(3,'pr',-1,83,0.91666666666666662965,0.37414965986394560504,0.29459592522289657079);
INSERT INTO curve_points VALUES(3,'pr',-1,84,0.93333333333333334813,0.37837837837837839938,0.29449984967797321333);
INSERT INTO curve_points VALUES(3,'pr',-1,85,0.94999999999999995559,0.38255033557046980163,0.29444747015964500835);
INSERT INTO curve_points VALUES(3,'pr',-1,86,0.96666666666666667406,0.38666666666666665852,0.29430847556769357264);
INSERT INTO curve_points VALUES(3,'pr',-1,87,0.96666666666666667406,0.36708860759493672221,0.2908067835604582485);
INSERT INTO curve_points VALUES(3,'pr',-1,88,0.98333333333333328152,0.37106918238993708003,0.29071587260608594549);
INSERT INTO curve_points VALUES(3,'pr',-1,89,0.98333333333333328152,0.33522727272727270708,0.28093760459084304859);
INSERT INTO curve_points VALUES(3,'pr',-1,90,1.0,0.33898305084745761206,0.28069438508978189483);
INSERT INTO curve_points VALUES(3,'pr',-1,91,1.0,0.33333333333333331482,0.27800559884713993419);
INSERT INTO curve_points VALUES(3,'pr',0,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(3,'pr',0,1,0.050000000000000002775,1.0,0.37532972425104726976);
INSERT INTO curve_points VALUES(3,'pr',0,2,0.4500000000000000111,1.0,0.35468972947681498553);
INSERT INTO curve_points VALUES(3,'pr',0,3,0.4500000000000000111,0.81818181818181823228,0.35341540957174422121);
INSERT INTO curve_points VALUES(3,'pr',0,4,0.5,0.83333333333333337034,0.35247165255186357901);
INSERT INTO curve_points VALUES(3,'pr',0,5,0.5500000000000000444,0.8461538461538461453,0.35121873318421281684);
INSERT INTO curve_points VALUES(3,'pr',0,6,0.5500000000000000444,0.78571428571428569842,0.35022341864767098096);
INSERT INTO curve_points VALUES(3,'pr',0,7,0.59999999999999997779,0.8000000000000000444,0.34958292529157425354);
INSERT INTO curve_points VALUES(3,'pr',0,8,0.6500000000000000222,0.8125,0.34733250232865980899);
INSERT INTO curve_points VALUES(3,'pr',0,9,0.6500000000000000222,0.76470588235294112422,0.34599015018840717505);
INSERT INTO curve_points VALUES(3,'pr',0,10,0.69999999999999995559,0.77777777777777779011,0.3445823352778837334);
INSERT INTO curve_points VALUES(3,'pr',0,11,0.69999999999999995559,0.73684210526315785383,0.34401183369600407679);
INSERT INTO curve_points VALUES(3,'pr',0,12,0.75,0.75,0.34305217373361723831);
INSERT INTO curve_points VALUES(3,'pr',0,13,0.8000000000000000444,0.76190476190476186246,0.3400067294965000153);
INSERT INTO curve_points VALUES(3,'pr',0,14,0.8000000000000000444,0.64000000000000001332,0.3355185753168118401);
INSERT INTO curve_points VALUES(3,'pr',0,15,0.84999999999999997779,0.65384615384615385469,0.33455466268330275037);
INSERT INTO curve_points VALUES(3,'pr',0,16,0.84999999999999997779,0.60714285714285709527,0.33264014658147822434);
INSERT INTO curve_points VALUES(3,'pr',0,17,0.9000000000000000222,0.62068965517241381224,0.33243264685618123532);
INSERT INTO curve_points VALUES(3,'pr',0,18,0.9000000000000000222,0.52941176470588235947,0.33026806308464728978);
INSERT INTO curve_points VALUES(3,'pr',0,19,0.94999999999999995559,0.5428571428571428159,0.32949353290756977497);
INSERT INTO curve_points VALUES(3,'pr',0,20,0.94999999999999995559,0.39583333333333331482,0.32398998088940000883);
INSERT INTO curve_points VALUES(3,'pr',0,21,1.0,0.40816326530612245804,0.32385011699534460571);
INSERT INTO curve_points VALUES(3,'pr',0,22,1.0,0.33333333333333331482,0.31068459647162510739);
INSERT INTO curve_points VALUES(3,'pr',1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(3,'pr',1,1,0.050000000000000002775,1.0,0.40090663792591407776);
INSERT INTO curve_points VALUES(3,'pr',1,2,0.2000000000000000111,1.0,0.391726338068212665);
INSERT INTO curve_points VALUES(3,'pr',1,3,0.2000000000000000111,0.8000000000000000444,0.39164243197015335962);
INSERT INTO curve_points VALUES(3,'pr',1,4,0.25,0.83333333333333337034,0.39039958113304323861);
INSERT INTO curve_points VALUES(3,'pr',1,5,0.29999999999999998889,0.85714285714285709527,0.39017228067092285526);
INSERT INTO curve_points VALUES(3,'pr',1,6,0.34999999999999997779,0.875,0.38978993535740297238);
INSERT INTO curve_points VALUES(3,'pr',1,7,0.4000000000000000222,0.88888888888888883954,0.38901590278746922546);
INSERT INTO curve_points VALUES(3,'pr',1,8,0.4500000000000000111,0.9000000000000000222,0.38889786125948977435);
INSERT INTO curve_points VALUES(3,'pr',1,9,0.5,0.90909090909090906063,0.38802554297603453203);
INSERT INTO curve_points VALUES(3,'pr',1,10,0.5500000000000000444,0.91666666666666662965,0.38427772597263215592);
INSERT INTO curve_points VALUES(3,'pr',1,11,0.59999999999999997779,0.92307692307692312816,0.38406522226393702279);
INSERT INTO curve_points VALUES(3,'pr',1,12,0.59999999999999997779,0.8000000000000000444,0.38129887588947752874);
INSERT INTO curve_points VALUES(3,'pr',1,13,0.6500000000000000222,0.8125,0.37959120381761635165);
INSERT INTO curve_points VALUES(3,'pr',1,14,0.6500000000000000222,0.72222222222222220988,0.37864257339180035222);
INSERT INTO curve_points VALUES(3,'pr',1,15,0.69999999999999995559,0.73684210526315785383,0.37808594566116826563);
INSERT INTO curve_points VALUES(3,'pr',1,16,0.69999999999999995559,0.69999999999999995559,0.37788097375965634672);
INSERT INTO curve_points VALUES(3,'pr',1,17,0.75,0.71428571428571430157,0.37709715484777173166);
INSERT INTO curve_points VALUES(3,'pr',1,18,0.75,0.65217391304347827052,0.37686901838043185275);
INSERT INTO curve_points VALUES(3,'pr',1,19,0.8000000000000000444,0.66666666666666662965,0.37647392493835674098);
INSERT INTO curve_points VALUES(3,'pr',1,20,0.8000000000000000444,0.61538461538461541877,0.37560041777526975703);
INSERT INTO curve_points VALUES(3,'pr',1,21,0.84999999999999997779,0.62962962962962965018,0.37484779815836188898);
INSERT INTO curve_points VALUES(3,'pr',1,22,0.84999999999999997779,0.54838709677419350541,0.37260965226495496027);
INSERT INTO curve_points VALUES(3,'pr',1,23,0.9000000000000000222,0.5625,0.3721651924422783586);
INSERT INTO curve_points VALUES(3,'pr',1,24,0.9000000000000000222,0.5,0.36976560049990603307);
INSERT INTO curve_points VALUES(3,'pr',1,25,0.94999999999999995559,0.5135135135135134865,0.36849271991762089228);
INSERT INTO curve_points VALUES(3,'pr',1,26,0.94999999999999995559,0.47499999999999997779,0.36648983630837644875);
INSERT INTO curve_points VALUES(3,'pr',1,27,1.0,0.48780487804878047697,0.36562693500067500185);
INSERT INTO curve_points VALUES(3,'pr',1,28,1.0,0.33333333333333331482,0.33949598357313637286);
INSERT INTO curve_points VALUES(3,'pr',2,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(3,'pr',2,1,0.050000000000000002775,1.0,0.31651271233775379876);
INSERT INTO curve_points VALUES(3,'pr',2,2,0.34999999999999997779,1.0,0.30259676941313767839);
INSERT INTO curve_points VALUES(3,'pr',2,3,0.34999999999999997779,0.77777777777777779011,0.30187962760540304474);
INSERT INTO curve_points VALUES(3,'pr',2,4,0.4000000000000000222,0.8000000000000000444,0.30130437045178226629);
INSERT INTO curve_points VALUES(3,'pr',2,5,0.4500000000000000111,0.81818181818181823228,0.30087001711014543792);
INSERT INTO curve_points VALUES(3,'pr',2,6,0.4500000000000000111,0.75,0.30085457462150572149);
INSERT INTO curve_points VALUES(3,'pr',2,7,0.5,0.76923076923076927347,0.30034511041679146092);
INSERT INTO curve_points VALUES(3,'pr',2,8,0.5500000000000000444,0.78571428571428569842,0.30022734528903305406);
INSERT INTO curve_points VALUES(3,'pr',2,9,0.59999999999999997779,0.8000000000000000444,0.29967894608088885277);
INSERT INTO curve_points VALUES(3,'pr',2,10,0.59999999999999997779,0.75,0.29824862939474389156);
INSERT INTO curve_points VALUES(3,'pr',2,11,0.6500000000000000222,0.76470588235294112422,0.29803467579977171997);
INSERT INTO curve_points VALUES(3,'pr',2,12,0.69999999999999995559,0.77777777777777779011,0.29736744571879958343);
INSERT INTO curve_points VALUES(3,'pr',2,13,0.69999999999999995559,0.63636363636363635354,0.29561587341711625942);
INSERT INTO curve_points VALUES(3,'pr',2,14,0.75,0.65217391304347827052,0.29551668558015420362);
INSERT INTO curve_points VALUES(3,'pr',2,15,0.75,0.55555555555555558022,0.29459592522289657079);
INSERT INTO curve_points VALUES(3,'pr',2,16,0.8000000000000000444,0.57142857142857139685,0.29449984967797321333);
INSERT INTO curve_points VALUES(3,'pr',2,17,0.84999999999999997779,0.58620689655172408816,0.29444747015964500835);
INSERT INTO curve_points VALUES(3,'pr',2,18,0.9000000000000000222,0.59999999999999997779,0.29430847556769357264);
INSERT INTO curve_points VALUES(3,'pr',2,19,0.9000000000000000222,0.47368421052631576317,0.2908067835604582485);
INSERT INTO curve_points VALUES(3,'pr',2,20,0.94999999999999995559,0.48717948717948716952,0.29071587260608594549);
INSERT INTO curve_points VALUES(3,'pr',2,21,0.94999999999999995559,0.33928571428571430157,0.28093760459084304859);
INSERT INTO curve_points VALUES(3,'pr',2,22,1.0,0.35087719298245612087,0.28069438508978189483);
INSERT INTO curve_points VALUES(3,'pr',2,23,1.0,0.33333333333333331482,0.27800559884713993419);
INSERT INTO curve_points VALUES(3,'roc',-2,0,0.0,0.0,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,1,0.0,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,2,0.025000000000000001387,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,3,0.025000000000000001387,0.46666666666666661855,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,4,0.050000000000000002775,0.46666666666666661855,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,5,0.050000000000000002775,0.53333333333333332593,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,6,0.074999999999999997224,0.53333333333333332593,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,7,0.074999999999999997224,0.63333333333333330372,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,8,0.10000000000000000555,0.63333333333333330372,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,9,0.10000000000000000555,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,10,0.125,0.68333333333333323711,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,11,0.125,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,12,0.14999999999999999444,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,13,0.14999999999999999444,0.75,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,14,0.2000000000000000111,0.75,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,15,0.2000000000000000111,0.78333333333333332593,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,16,0.22500000000000000555,0.78333333333333332593,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,17,0.22500000000000000555,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,18,0.25,0.79999999999999993338,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,19,0.25,0.81666666666666676288,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,20,0.2750000000000000222,0.81666666666666676288,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,21,0.2750000000000000222,0.83333333333333337034,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,22,0.29999999999999998889,0.83333333333333337034,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,23,0.29999999999999998889,0.88333333333333330372,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,24,0.34999999999999997779,0.88333333333333330372,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,25,0.34999999999999997779,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,26,0.4000000000000000222,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,27,0.4000000000000000222,0.91666666666666662965,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,28,0.4500000000000000111,0.91666666666666662965,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,29,0.4500000000000000111,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,30,0.5,0.93333333333333323711,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,31,0.5,0.94999999999999984456,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,32,0.5250000000000000222,0.94999999999999984456,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,33,0.5250000000000000222,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,34,0.72499999999999997779,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,35,0.72499999999999997779,0.98333333333333339254,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,36,0.9250000000000000444,0.98333333333333339254,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,37,0.9250000000000000444,1.0,NULL);
INSERT INTO curve_points VALUES(3,'roc',-2,38,1.0,1.0,NULL);
INSERT INTO curve_points VALUES(3,'roc',-1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(3,'roc',-1,1,0.0,0.066666666666666665741,0.391726338068212665);
INSERT INTO curve_points VALUES(3,'roc',-1,2,0.0083333333333333332176,0.066666666666666665741,0.39164243197015335962);
INSERT INTO curve_points VALUES(3,'roc',-1,3,0.0083333333333333332176,0.2000000000000000111,0.38406522226393702279);
INSERT INTO curve_points VALUES(3,'roc',-1,4,0.025000000000000001387,0.2000000000000000111,0.38129887588947752874);
INSERT INTO curve_points VALUES(3,'roc',-1,5,0.025000000000000001387,0.21666666666666667406,0.37959120381761635165);
INSERT INTO curve_points VALUES(3,'roc',-1,6,0.041666666666666664353,0.21666666666666667406,0.37864257339180035222);
INSERT INTO curve_points VALUES(3,'roc',-1,7,0.041666666666666664353,0.23333333333333333703,0.37808594566116826563);
INSERT INTO curve_points VALUES(3,'roc',-1,8,0.050000000000000002775,0.23333333333333333703,0.37788097375965634672);
INSERT INTO curve_points VALUES(3,'roc',-1,9,0.050000000000000002775,0.25,0.37709715484777173166);
INSERT INTO curve_points VALUES(3,'roc',-1,10,0.066666666666666665741,0.25,0.37686901838043185275);
INSERT INTO curve_points VALUES(3,'roc',-1,11,0.066666666666666665741,0.26666666666666666296,0.37647392493835674098);
INSERT INTO curve_points VALUES(3,'roc',-1,12,0.083333333333333328707,0.26666666666666666296,0.37560041777526975703);
INSERT INTO curve_points VALUES(3,'roc',-1,13,0.083333333333333328707,0.29999999999999998889,0.37484779815836188898);
INSERT INTO curve_points VALUES(3,'roc',-1,14,0.11666666666666666851,0.29999999999999998889,0.37260965226495496027);
INSERT INTO curve_points VALUES(3,'roc',-1,15,0.11666666666666666851,0.31666666666666665186,0.3721651924422783586);
INSERT INTO curve_points VALUES(3,'roc',-1,16,0.14999999999999999444,0.31666666666666665186,0.36976560049990603307);
INSERT INTO curve_points VALUES(3,'roc',-1,17,0.14999999999999999444,0.33333333333333331482,0.36849271991762089228);
INSERT INTO curve_points VALUES(3,'roc',-1,18,0.17499999999999998889,0.33333333333333331482,0.36648983630837644875);
INSERT INTO curve_points VALUES(3,'roc',-1,19,0.17499999999999998889,0.38333333333333335923,0.3655599404203286884);
INSERT INTO curve_points VALUES(3,'roc',-1,20,0.18333333333333332038,0.38333333333333335923,0.36414902588392544791);
INSERT INTO curve_points VALUES(3,'roc',-1,21,0.18333333333333332038,0.4000000000000000222,0.36056780012590583517);
INSERT INTO curve_points VALUES(3,'roc',-1,22,0.2000000000000000111,0.4000000000000000222,0.35985001066172134231);
INSERT INTO curve_points VALUES(3,'roc',-1,23,0.2000000000000000111,0.41666666666666668517,0.35840164634833315826);
INSERT INTO curve_points VALUES(3,'roc',-1,24,0.20833333333333334258,0.41666666666666668517,0.35795349050422414771);
INSERT INTO curve_points VALUES(3,'roc',-1,25,0.20833333333333334258,0.46666666666666667406,0.35602394219643096473);
INSERT INTO curve_points VALUES(3,'roc',-1,26,0.24166666666666666851,0.46666666666666667406,0.35513229914701044398);
INSERT INTO curve_points VALUES(3,'roc',-1,27,0.24166666666666666851,0.48333333333333333703,0.35468972947681498553);
INSERT INTO curve_points VALUES(3,'roc',-1,28,0.2750000000000000222,0.48333333333333333703,0.35341540957174422121);
INSERT INTO curve_points VALUES(3,'roc',-1,29,0.2750000000000000222,0.5,0.35247165255186357901);
INSERT INTO curve_points VALUES(3,'roc',-1,30,0.29166666666666668517,0.5,0.35122037999129279706);
INSERT INTO curve_points VALUES(3,'roc',-1,31,0.29166666666666668517,0.51666666666666671847,0.35121873318421281684);
INSERT INTO curve_points VALUES(3,'roc',-1,32,0.30833333333333334813,0.51666666666666671847,0.35022341864767098096);
INSERT INTO curve_points VALUES(3,'roc',-1,33,0.30833333333333334813,0.53333333333333332593,0.34958292529157425354);
INSERT INTO curve_points VALUES(3,'roc',-1,34,0.3250000000000000111,0.53333333333333332593,0.34768124238734199327);
INSERT INTO curve_points VALUES(3,'roc',-1,35,0.3250000000000000111,0.5500000000000000444,0.34733250232865980899);
INSERT INTO curve_points VALUES(3,'roc',-1,36,0.34999999999999997779,0.5500000000000000444,0.34599015018840717505);
INSERT INTO curve_points VALUES(3,'roc',-1,37,0.34999999999999997779,0.56666666666666665186,0.3445823352778837334);
INSERT INTO curve_points VALUES(3,'roc',-1,38,0.36666666666666664076,0.56666666666666665186,0.34343064291778208074);
INSERT INTO curve_points VALUES(3,'roc',-1,39,0.36666666666666664076,0.59999999999999997779,0.3400067294965000153);
INSERT INTO curve_points VALUES(3,'roc',-1,40,0.40833333333333332593,0.59999999999999997779,0.3355185753168118401);
INSERT INTO curve_points VALUES(3,'roc',-1,41,0.40833333333333332593,0.61666666666666669627,0.33455466268330275037);
INSERT INTO curve_points VALUES(3,'roc',-1,42,0.42499999999999998889,0.61666666666666669627,0.33264014658147822434);
INSERT INTO curve_points VALUES(3,'roc',-1,43,0.42499999999999998889,0.63333333333333330372,0.33243264685618123532);
INSERT INTO curve_points VALUES(3,'roc',-1,44,0.46666666666666667406,0.63333333333333330372,0.33026806308464728978);
INSERT INTO curve_points VALUES(3,'roc',-1,45,0.46666666666666667406,0.6500000000000000222,0.32949353290756977497);
INSERT INTO curve_points VALUES(3,'roc',-1,46,0.57499999999999995559,0.6500000000000000222,0.32398998088940000883);
INSERT INTO curve_points VALUES(3,'roc',-1,47,0.57499999999999995559,0.66666666666666662965,0.32385011699534460571);
INSERT INTO curve_points VALUES(3,'roc',-1,48,0.63333333333333330372,0.66666666666666662965,0.31689845698309793142);
INSERT INTO curve_points VALUES(3,'roc',-1,49,0.63333333333333330372,0.68333333333333334813,0.31651271233775379876);
INSERT INTO curve_points VALUES(3,'roc',-1,50,0.66666666666666662965,0.68333333333333334813,0.31068459647162510739);
INSERT INTO curve_points VALUES(3,'roc',-1,51,0.66666666666666662965,0.78333333333333332593,0.30259676941313767839);
INSERT INTO curve_points VALUES(3,'roc',-1,52,0.68333333333333334813,0.78333333333333332593,0.30187962760540304474);
INSERT INTO curve_points VALUES(3,'roc',-1,53,0.68333333333333334813,0.81666666666666665186,0.30087001711014543792);
INSERT INTO curve_points VALUES(3,'roc',-1,54,0.69166666666666665186,0.81666666666666665186,0.30085457462150572149);
INSERT INTO curve_points VALUES(3,'roc',-1,55,0.69166666666666665186,0.86666666666666669627,0.29967894608088885277);
INSERT INTO curve_points VALUES(3,'roc',-1,56,0.69999999999999995559,0.86666666666666669627,0.29824862939474389156);
INSERT INTO curve_points VALUES(3,'roc',-1,57,0.69999999999999995559,0.9000000000000000222,0.29736744571879958343);
INSERT INTO curve_points VALUES(3,'roc',-1,58,0.73333333333333328152,0.9000000000000000222,0.29561587341711625942);
INSERT INTO curve_points VALUES(3,'roc',-1,59,0.73333333333333328152,0.91666666666666662965,0.29551668558015420362);
INSERT INTO curve_points VALUES(3,'roc',-1,60,0.76666666666666671847,0.91666666666666662965,0.29459592522289657079);
INSERT INTO curve_points VALUES(3,'roc',-1,61,0.76666666666666671847,0.96666666666666667406,0.29430847556769357264);
INSERT INTO curve_points VALUES(3,'roc',-1,62,0.83333333333333337034,0.96666666666666667406,0.2908067835604582485);
INSERT INTO curve_points VALUES(3,'roc',-1,63,0.83333333333333337034,0.98333333333333328152,0.29071587260608594549);
INSERT INTO curve_points VALUES(3,'roc',-1,64,0.97499999999999997779,0.98333333333333328152,0.28093760459084304859);
INSERT INTO curve_points VALUES(3,'roc',-1,65,0.97499999999999997779,1.0,0.28069438508978189483);
INSERT INTO curve_points VALUES(3,'roc',-1,66,1.0,1.0,0.27800559884713993419);
INSERT INTO curve_points VALUES(3,'roc',0,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(3,'roc',0,1,0.0,0.4500000000000000111,0.35468972947681498553);
INSERT INTO curve_points VALUES(3,'roc',0,2,0.050000000000000002775,0.4500000000000000111,0.35341540957174422121);
INSERT INTO curve_points VALUES(3,'roc',0,3,0.050000000000000002775,0.5500000000000000444,0.35121873318421281684);
INSERT INTO curve_points VALUES(3,'roc',0,4,0.074999999999999997224,0.5500000000000000444,0.35022341864767098096);
INSERT INTO curve_points VALUES(3,'roc',0,5,0.074999999999999997224,0.6500000000000000222,0.34733250232865980899);
INSERT INTO curve_points VALUES(3,'roc',0,6,0.10000000000000000555,0.6500000000000000222,0.34599015018840717505);
INSERT INTO curve_points VALUES(3,'roc',0,7,0.10000000000000000555,0.69999999999999995559,0.3445823352778837334);
INSERT INTO curve_points VALUES(3,'roc',0,8,0.125,0.69999999999999995559,0.34401183369600407679);
INSERT INTO curve_points VALUES(3,'roc',0,9,0.125,0.8000000000000000444,0.3400067294965000153);
INSERT INTO curve_points VALUES(3,'roc',0,10,0.22500000000000000555,0.8000000000000000444,0.3355185753168118401);
INSERT INTO curve_points VALUES(3,'roc',0,11,0.22500000000000000555,0.84999999999999997779,0.33455466268330275037);
INSERT INTO curve_points VALUES(3,'roc',0,12,0.2750000000000000222,0.84999999999999997779,0.33264014658147822434);
INSERT INTO curve_points VALUES(3,'roc',0,13,0.2750000000000000222,0.9000000000000000222,0.33243264685618123532);
INSERT INTO curve_points VALUES(3,'roc',0,14,0.4000000000000000222,0.9000000000000000222,0.33026806308464728978);
INSERT INTO curve_points VALUES(3,'roc',0,15,0.4000000000000000222,0.94999999999999995559,0.32949353290756977497);
INSERT INTO curve_points VALUES(3,'roc',0,16,0.72499999999999997779,0.94999999999999995559,0.32398998088940000883);
INSERT INTO curve_points VALUES(3,'roc',0,17,0.72499999999999997779,1.0,0.32385011699534460571);
INSERT INTO curve_points VALUES(3,'roc',0,18,1.0,1.0,0.31068459647162510739);
INSERT INTO curve_points VALUES(3,'roc',1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(3,'roc',1,1,0.0,0.2000000000000000111,0.391726338068212665);
INSERT INTO curve_points VALUES(3,'roc',1,2,0.025000000000000001387,0.2000000000000000111,0.39164243197015335962);
INSERT INTO curve_points VALUES(3,'roc',1,3,0.025000000000000001387,0.59999999999999997779,0.38406522226393702279);
INSERT INTO curve_points VALUES(3,'roc',1,4,0.074999999999999997224,0.59999999999999997779,0.38129887588947752874);
INSERT INTO curve_points VALUES(3,'roc',1,5,0.074999999999999997224,0.6500000000000000222,0.37959120381761635165);
INSERT INTO curve_points VALUES(3,'roc',1,6,0.125,0.6500000000000000222,0.37864257339180035222);
INSERT INTO curve_points VALUES(3,'roc',1,7,0.125,0.69999999999999995559,0.37808594566116826563);
INSERT INTO curve_points VALUES(3,'roc',1,8,0.14999999999999999444,0.69999999999999995559,0.37788097375965634672);
INSERT INTO curve_points VALUES(3,'roc',1,9,0.14999999999999999444,0.75,0.37709715484777173166);
INSERT INTO curve_points VALUES(3,'roc',1,10,0.2000000000000000111,0.75,0.37686901838043185275);
INSERT INTO curve_points VALUES(3,'roc',1,11,0.2000000000000000111,0.8000000000000000444,0.37647392493835674098);
INSERT INTO curve_points VALUES(3,'roc',1,12,0.25,0.8000000000000000444,0.37560041777526975703);
INSERT INTO curve_points VALUES(3,'roc',1,13,0.25,0.84999999999999997779,0.37484779815836188898);
INSERT INTO curve_points VALUES(3,'roc',1,14,0.34999999999999997779,0.84999999999999997779,0.37260965226495496027);
INSERT INTO curve_points VALUES(3,'roc',1,15,0.34999999999999997779,0.9000000000000000222,0.3721651924422783586);
INSERT INTO curve_points VALUES(3,'roc',1,16,0.4500000000000000111,0.9000000000000000222,0.36976560049990603307);
INSERT INTO curve_points VALUES(3,'roc',1,17,0.4500000000000000111,0.94999999999999995559,0.36849271991762089228);
INSERT INTO curve_points VALUES(3,'roc',1,18,0.5250000000000000222,0.94999999999999995559,0.36648983630837644875);
INSERT INTO curve_points VALUES(3,'roc',1,19,0.5250000000000000222,1.0,0.36562693500067500185);
INSERT INTO curve_points VALUES(3,'roc',1,20,1.0,1.0,0.33949598357313637286);
INSERT INTO curve_points VALUES(3,'roc',2,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(3,'roc',2,1,0.0,0.34999999999999997779,0.30259676941313767839);
INSERT INTO curve_points VALUES(3,'roc',2,2,0.050000000000000002775,0.34999999999999997779,0.30187962760540304474);
INSERT INTO curve_points VALUES(3,'roc',2,3,0.050000000000000002775,0.4500000000000000111,0.30087001711014543792);
INSERT INTO curve_points VALUES(3,'roc',2,4,0.074999999999999997224,0.4500000000000000111,0.30085457462150572149);
INSERT INTO curve_points VALUES(3,'roc',2,5,0.074999999999999997224,0.59999999999999997779,0.29967894608088885277);
INSERT INTO curve_points VALUES(3,'roc',2,6,0.10000000000000000555,0.59999999999999997779,0.29824862939474389156);
INSERT INTO curve_points VALUES(3,'roc',2,7,0.10000000000000000555,0.69999999999999995559,0.29736744571879958343);
INSERT INTO curve_points VALUES(3,'roc',2,8,0.2000000000000000111,0.69999999999999995559,0.29561587341711625942);
INSERT INTO curve_points VALUES(3,'roc',2,9,0.2000000000000000111,0.75,0.29551668558015420362);
INSERT INTO curve_points VALUES(3,'roc',2,10,0.29999999999999998889,0.75,0.29459592522289657079);
INSERT INTO curve_points VALUES(3,'roc',2,11,0.29999999999999998889,0.9000000000000000222,0.29430847556769357264);
INSERT INTO curve_points VALUES(3,'roc',2,12,0.5,0.9000000000000000222,0.2908067835604582485);
INSERT INTO curve_points VALUES(3,'roc',2,13,0.5,0.94999999999999995559,0.29071587260608594549);
INSERT INTO curve_points VALUES(3,'roc',2,14,0.9250000000000000444,0.94999999999999995559,0.28093760459084304859);
INSERT INTO curve_points VALUES(3,'roc',2,15,0.9250000000000000444,1.0,0.28069438508978189483);
INSERT INTO curve_points VALUES(3,'roc',2,16,1.0,1.0,0.27800559884713993419);
INSERT INTO curve_points VALUES(4,'pr',-1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(4,'pr',-1,1,0.016666666666666666435,1.0,0.46258818310310523269);
INSERT INTO curve_points VALUES(4,'pr',-1,2,0.18333333333333332038,1.0,0.40975472604559520783);
INSERT INTO curve_points VALUES(4,'pr',-1,3,0.18333333333333332038,0.91666666666666662965,0.40836873649710947464);
INSERT INTO curve_points VALUES(4,'pr',-1,4,0.2000000000000000111,0.92307692307692312816,0.40735134710353038123);
INSERT INTO curve_points VALUES(4,'pr',-1,5,0.2000000000000000111,0.8000000000000000444,0.40641834016849637256);
INSERT INTO curve_points VALUES(4,'pr',-1,6,0.21666666666666667406,0.8125,0.4011221370382968554);
INSERT INTO curve_points VALUES(4,'pr',-1,7,0.23333333333333333703,0.82352941176470584316,0.40045973382867516843);
INSERT INTO curve_points VALUES(4,'pr',-1,8,0.25,0.83333333333333337034,0.39855782518742499664);
INSERT INTO curve_points VALUES(4,'pr',-1,9,0.25,0.78947368421052632747,0.39725071555791074962);
INSERT INTO curve_points VALUES(4,'pr',-1,10,0.26666666666666666296,0.8000000000000000444,0.39688279357112549172);
INSERT INTO curve_points VALUES(4,'pr',-1,11,0.28333333333333332593,0.80952380952380953438,0.39674361874219576939);
INSERT INTO curve_points VALUES(4,'pr',-1,12,0.29999999999999998889,0.81818181818181823228,0.39602322651291549382);
INSERT INTO curve_points VALUES(4,'pr',-1,13,0.31666666666666665186,0.82608695652173913526,0.3952259069643213607);
INSERT INTO curve_points VALUES(4,'pr',-1,14,0.33333333333333331482,0.83333333333333337034,0.39408229876859462992);
INSERT INTO curve_points VALUES(4,'pr',-1,15,0.34999999999999997779,0.83999999999999996891,0.39345395694633750194);
INSERT INTO curve_points VALUES(4,'pr',-1,16,0.34999999999999997779,0.77777777777777779011,0.39088988191449491882);
INSERT INTO curve_points VALUES(4,'pr',-1,17,0.36666666666666664076,0.78571428571428569842,0.38851313074968590877);
INSERT INTO curve_points VALUES(4,'pr',-1,18,0.36666666666666664076,0.73333333333333328152,0.38668199661015290047);
INSERT INTO curve_points VALUES(4,'pr',-1,19,0.38333333333333335923,0.74193548387096774909,0.38528747407652652601);
INSERT INTO curve_points VALUES(4,'pr',-1,20,0.38333333333333335923,0.71875,0.38221416820356696186);
INSERT INTO curve_points VALUES(4,'pr',-1,21,0.4000000000000000222,0.72727272727272729291,0.37767306297337122078);
INSERT INTO curve_points VALUES(4,'pr',-1,22,0.41666666666666668517,0.73529411764705887577,0.37641506640113248094);
INSERT INTO curve_points VALUES(4,'pr',-1,23,0.43333333333333334813,0.74285714285714288251,0.37589592613411448862);
INSERT INTO curve_points VALUES(4,'pr',-1,24,0.4500000000000000111,0.75,0.37586060183667124867);
INSERT INTO curve_points VALUES(4,'pr',-1,25,0.46666666666666667406,0.75675675675675679876,0.37515375071375844928);
INSERT INTO curve_points VALUES(4,'pr',-1,26,0.46666666666666667406,0.68292682926829273437,0.36877397400739631017);
INSERT INTO curve_points VALUES(4,'pr',-1,27,0.48333333333333333703,0.69047619047619046561,0.36865978614848465833);
INSERT INTO curve_points VALUES(4,'pr',-1,28,0.48333333333333333703,0.61702127659574468321,0.36507137692151991892);
INSERT INTO curve_points VALUES(4,'pr',-1,29,0.5,0.625,0.36464239430353245774);
INSERT INTO curve_points VALUES(4,'pr',-1,30,0.51666666666666671847,0.63265306122448983217,0.36392837739526112672);
INSERT INTO curve_points VALUES(4,'pr',-1,31,0.53333333333333332593,0.64000000000000001332,0.36368644568986663312);
INSERT INTO curve_points VALUES(4,'pr',-1,32,0.53333333333333332593,0.62745098039215685403,0.36357573316042957056);
INSERT INTO curve_points VALUES(4,'pr',-1,33,0.5500000000000000444,0.63461538461538458122,0.36353110829928014791);
INSERT INTO curve_points VALUES(4,'pr',-1,34,0.56666666666666665186,0.64150943396226411952,0.36249109403753848601);
INSERT INTO curve_points VALUES(4,'pr',-1,35,0.56666666666666665186,0.62962962962962965018,0.36166667728271051363);
INSERT INTO curve_points VALUES(4,'pr',-1,36,0.58333333333333337034,0.63636363636363635354,0.36151946513153054851);
INSERT INTO curve_points VALUES(4,'pr',-1,37,0.58333333333333337034,0.59322033898305082111,0.36058050129163166097);
INSERT INTO curve_points VALUES(4,'pr',-1,38,0.59999999999999997779,0.59999999999999997779,0.35928864894403111929);
INSERT INTO curve_points VALUES(4,'pr',-1,39,0.59999999999999997779,0.5373134328358208922,0.35713194296726941123);
INSERT INTO curve_points VALUES(4,'pr',-1,40,0.61666666666666669627,0.54411764705882348369,0.35711850256104377132);
INSERT INTO curve_points VALUES(4,'pr',-1,41,0.63333333333333330372,0.5507246376811594235,0.35701427372389193948);
INSERT INTO curve_points VALUES(4,'pr',-1,42,0.63333333333333330372,0.44186046511627907751,0.34598163716419177982);
INSERT INTO curve_points VALUES(4,'pr',-1,43,0.6500000000000000222,0.44827586206896552489,0.3450664795228088888);
INSERT INTO curve_points VALUES(4,'pr',-1,44,0.66666666666666662965,0.45454545454545453031,0.3436537026412237461);
INSERT INTO curve_points VALUES(4,'pr',-1,45,0.66666666666666662965,0.33898305084745761206,0.30783740506901230427);
INSERT INTO curve_points VALUES(4,'pr',-1,46,0.68333333333333334813,0.34453781512605041736,0.30658955217493993883);
INSERT INTO curve_points VALUES(4,'pr',-1,47,0.69999999999999995559,0.34999999999999997779,0.30614564728053877962);
INSERT INTO curve_points VALUES(4,'pr',-1,48,0.71666666666666667406,0.35537190082644626309,0.30531793292980513587);
INSERT INTO curve_points VALUES(4,'pr',-1,49,0.71666666666666667406,0.34959349593495936403,0.30475203963141028751);
INSERT INTO curve_points VALUES(4,'pr',-1,50,0.73333333333333328152,0.35483870967741937274,0.30302763514677744094);
INSERT INTO curve_points VALUES(4,'pr',-1,51,0.75,0.35999999999999998667,0.30300506785068337389);
INSERT INTO curve_points VALUES(4,'pr',-1,52,0.76666666666666671847,0.36507936507936505909,0.30230204271103400248);
INSERT INTO curve_points VALUES(4,'pr',-1,53,0.78333333333333332593,0.3700787401574803237,0.30056368460905030781);
INSERT INTO curve_points VALUES(4,'pr',-1,54,0.8000000000000000444,0.375,0.29918476637517632532);
INSERT INTO curve_points VALUES(4,'pr',-1,55,0.81666666666666665186,0.37984496124031008612,0.29913983212071842965);
INSERT INTO curve_points VALUES(4,'pr',-1,56,0.83333333333333337034,0.38461538461538463673,0.29782078878083584339);
INSERT INTO curve_points VALUES(4,'pr',-1,57,0.84999999999999997779,0.38931297709923662342,0.29772866503973960394);
INSERT INTO curve_points VALUES(4,'pr',-1,58,0.86666666666666669627,0.39393939393939392257,0.29626741058328098787);
INSERT INTO curve_points VALUES(4,'pr',-1,59,0.88333333333333330372,0.39849624060150373727,0.28825810533368789734);
INSERT INTO curve_points VALUES(4,'pr',-1,60,0.9000000000000000222,0.40298507462686566915,0.28752484155752799921);
INSERT INTO curve_points VALUES(4,'pr',-1,61,0.91666666666666662965,0.40740740740740738479,0.28661552030647446942);
INSERT INTO curve_points VALUES(4,'pr',-1,62,0.91666666666666662965,0.39855072463768115298,0.2828218345010427015);
INSERT INTO curve_points VALUES(4,'pr',-1,63,0.93333333333333334813,0.40287769784172661191,0.28169814509647472799);
INSERT INTO curve_points VALUES(4,'pr',-1,64,0.93333333333333334813,0.39436619718309856574,0.27950923024049062481);
INSERT INTO curve_points VALUES(4,'pr',-1,65,0.94999999999999995559,0.39860139860139859324,0.27926176890286491527);
INSERT INTO curve_points VALUES(4,'pr',-1,66,0.94999999999999995559,0.37748344370860925645,0.2717381831823053595);
INSERT INTO curve_points VALUES(4,'pr',-1,67,0.96666666666666667406,0.38157894736842107308,0.27069362946601127628);
INSERT INTO curve_points VALUES(4,'pr',-1,68,0.98333333333333328152,0.38562091503267975634,0.26817832451184281383);
INSERT INTO curve_points VALUES(4,'pr',-1,69,0.98333333333333328152,0.36645962732919257209,0.26154543944379277098);
INSERT INTO curve_points VALUES(4,'pr',-1,70,1.0,0.37037037037037034981,0.25672476664067750418);
INSERT INTO curve_points VALUES(4,'pr',-1,71,1.0,0.33333333333333331482,0.22282877888898580676);
INSERT INTO curve_points VALUES(4,'pr',0,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(4,'pr',0,1,0.050000000000000002775,1.0,0.46258818310310523269);
INSERT INTO curve_points VALUES(4,'pr',0,2,0.4500000000000000111,1.0,0.40975472604559520783);
INSERT INTO curve_points VALUES(4,'pr',0,3,0.4500000000000000111,0.75,0.40641834016849637256);
INSERT INTO curve_points VALUES(4,'pr',0,4,0.5,0.76923076923076927347,0.40045973382867516843);
INSERT INTO curve_points VALUES(4,'pr',0,5,0.5,0.71428571428571430157,0.39725071555791074962);
INSERT INTO curve_points VALUES(4,'pr',0,6,0.5500000000000000444,0.73333333333333328152,0.39674361874219576939);
INSERT INTO curve_points VALUES(4,'pr',0,7,0.59999999999999997779,0.75,0.39602322651291549382);
INSERT INTO curve_points VALUES(4,'pr',0,8,0.6500000000000000222,0.76470588235294112422,0.39408229876859462992);
INSERT INTO curve_points VALUES(4,'pr',0,9,0.69999999999999995559,0.77777777777777779011,0.39345395694633750194);
INSERT INTO curve_points VALUES(4,'pr',0,10,0.69999999999999995559,0.63636363636363635354,0.38668199661015290047);
INSERT INTO curve_points VALUES(4,'pr',0,11,0.75,0.65217391304347827052,0.38528747407652652601);
INSERT INTO curve_points VALUES(4,'pr',0,12,0.75,0.625,0.38221416820356696186);
INSERT INTO curve_points VALUES(4,'pr',0,13,0.8000000000000000444,0.64000000000000001332,0.37641506640113248094);
INSERT INTO curve_points VALUES(4,'pr',0,14,0.8000000000000000444,0.5,0.36507137692151991892);
INSERT INTO curve_points VALUES(4,'pr',0,15,0.84999999999999997779,0.51515151515151513805,0.36464239430353245774);
INSERT INTO curve_points VALUES(4,'pr',0,16,0.9000000000000000222,0.52941176470588235947,0.36368644568986663312);
INSERT INTO curve_points VALUES(4,'pr',0,17,0.94999999999999995559,0.5428571428571428159,0.36353110829928014791);
INSERT INTO curve_points VALUES(4,'pr',0,18,0.94999999999999995559,0.38000000000000000444,0.34598163716419177982);
INSERT INTO curve_points VALUES(4,'pr',0,19,1.0,0.39215686274509803377,0.3450664795228088888);
INSERT INTO curve_points VALUES(4,'pr',0,20,1.0,0.33333333333333331482,0.32884868972648118035);
INSERT INTO curve_points VALUES(4,'pr',1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(4,'pr',1,1,0.050000000000000002775,1.0,0.30658955217493993883);
INSERT INTO curve_points VALUES(4,'pr',1,2,0.75,1.0,0.28661552030647446942);
INSERT INTO curve_points VALUES(4,'pr',1,3,0.75,0.83333333333333337034,0.2828218345010427015);
INSERT INTO curve_points VALUES(4,'pr',1,4,0.8000000000000000444,0.84210526315789469009,0.28169814509647472799);
INSERT INTO curve_points VALUES(4,'pr',1,5,0.8000000000000000444,0.72727272727272729291,0.27950923024049062481);
INSERT INTO curve_points VALUES(4,'pr',1,6,0.84999999999999997779,0.73913043478260864738,0.27926176890286491527);
INSERT INTO curve_points VALUES(4,'pr',1,7,0.84999999999999997779,0.54838709677419350541,0.2717381831823053595);
INSERT INTO curve_points VALUES(4,'pr',1,8,0.9000000000000000222,0.5625,0.27069362946601127628);
INSERT INTO curve_points VALUES(4,'pr',1,9,0.94999999999999995559,0.57575757575757580131,0.26817832451184281383);
INSERT INTO curve_points VALUES(4,'pr',1,10,0.94999999999999995559,0.46341463414634148643,0.26154543944379277098);
INSERT INTO curve_points VALUES(4,'pr',1,11,1.0,0.47619047619047616404,0.25672476664067750418);
INSERT INTO curve_points VALUES(4,'pr',1,12,1.0,0.33333333333333331482,0.22282877888898580676);
INSERT INTO curve_points VALUES(4,'pr',2,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(4,'pr',2,1,0.050000000000000002775,1.0,0.42942815833951036852);
INSERT INTO curve_points VALUES(4,'pr',2,2,0.6500000000000000222,1.0,0.36865978614848465833);
INSERT INTO curve_points VALUES(4,'pr',2,3,0.6500000000000000222,0.86666666666666669627,0.36844570115536029453);
INSERT INTO curve_points VALUES(4,'pr',2,4,0.69999999999999995559,0.875,0.36392837739526112672);
INSERT INTO curve_points VALUES(4,'pr',2,5,0.69999999999999995559,0.82352941176470584316,0.36357573316042957056);
INSERT INTO curve_points VALUES(4,'pr',2,6,0.75,0.83333333333333337034,0.36249109403753848601);
INSERT INTO curve_points VALUES(4,'pr',2,7,0.8000000000000000444,0.84210526315789469009,0.36151946513153054851);
INSERT INTO curve_points VALUES(4,'pr',2,8,0.84999999999999997779,0.84999999999999997779,0.35928864894403111929);
INSERT INTO curve_points VALUES(4,'pr',2,9,0.84999999999999997779,0.73913043478260864738,0.35713194296726941123);
INSERT INTO curve_points VALUES(4,'pr',2,10,0.9000000000000000222,0.75,0.35711850256104377132);
INSERT INTO curve_points VALUES(4,'pr',2,11,0.94999999999999995559,0.76000000000000000888,0.35701427372389193948);
INSERT INTO curve_points VALUES(4,'pr',2,12,0.94999999999999995559,0.52777777777777779011,0.34686481901211968503);
INSERT INTO curve_points VALUES(4,'pr',2,13,1.0,0.54054054054054057054,0.3436537026412237461);
INSERT INTO curve_points VALUES(4,'pr',2,14,1.0,0.33333333333333331482,0.30475203963141028751);
INSERT INTO curve_points VALUES(4,'roc',-2,0,0.0,0.0,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,1,0.0,0.61666666666666669627,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,2,0.050000000000000002775,0.61666666666666669627,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,3,0.050000000000000002775,0.63333333333333330372,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,4,0.074999999999999997224,0.63333333333333330372,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,5,0.074999999999999997224,0.71666666666666667406,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,6,0.10000000000000000555,0.71666666666666667406,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,7,0.10000000000000000555,0.78333333333333332593,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,8,0.14999999999999999444,0.78333333333333332593,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,9,0.14999999999999999444,0.83333333333333337034,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,10,0.2000000000000000111,0.83333333333333337034,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,11,0.2000000000000000111,0.84999999999999997779,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,12,0.22500000000000000555,0.84999999999999997779,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,13,0.22500000000000000555,0.86666666666666658525,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,14,0.34999999999999997779,0.86666666666666658525,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,15,0.34999999999999997779,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,16,0.4000000000000000222,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,17,0.4000000000000000222,0.94999999999999984456,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,18,0.42499999999999998889,0.94999999999999984456,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,19,0.42499999999999998889,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,20,0.5500000000000000444,0.96666666666666667406,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,21,0.5500000000000000444,0.98333333333333339254,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,22,0.7750000000000000222,0.98333333333333339254,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,23,0.7750000000000000222,1.0,NULL);
INSERT INTO curve_points VALUES(4,'roc',-2,24,1.0,1.0,NULL);
INSERT INTO curve_points VALUES(4,'roc',-1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(4,'roc',-1,1,0.0,0.18333333333333332038,0.40975472604559520783);
INSERT INTO curve_points VALUES(4,'roc',-1,2,0.0083333333333333332176,0.18333333333333332038,0.40836873649710947464);
INSERT INTO curve_points VALUES(4,'roc',-1,3,0.0083333333333333332176,0.2000000000000000111,0.40735134710353038123);
INSERT INTO curve_points VALUES(4,'roc',-1,4,0.025000000000000001387,0.2000000000000000111,0.40641834016849637256);
INSERT INTO curve_points VALUES(4,'roc',-1,5,0.025000000000000001387,0.25,0.39855782518742499664);
INSERT INTO curve_points VALUES(4,'roc',-1,6,0.03333333333333333287,0.25,0.39725071555791074962);
INSERT INTO curve_points VALUES(4,'roc',-1,7,0.03333333333333333287,0.34999999999999997779,0.39345395694633750194);
INSERT INTO curve_points VALUES(4,'roc',-1,8,0.050000000000000002775,0.34999999999999997779,0.39088988191449491882);
INSERT INTO curve_points VALUES(4,'roc',-1,9,0.050000000000000002775,0.36666666666666664076,0.38851313074968590877);
INSERT INTO curve_points VALUES(4,'roc',-1,10,0.066666666666666665741,0.36666666666666664076,0.38668199661015290047);
INSERT INTO curve_points VALUES(4,'roc',-1,11,0.066666666666666665741,0.38333333333333335923,0.38528747407652652601);
INSERT INTO curve_points VALUES(4,'roc',-1,12,0.074999999999999997224,0.38333333333333335923,0.38221416820356696186);
INSERT INTO curve_points VALUES(4,'roc',-1,13,0.074999999999999997224,0.46666666666666667406,0.37515375071375844928);
INSERT INTO curve_points VALUES(4,'roc',-1,14,0.10833333333333333703,0.46666666666666667406,0.36877397400739631017);
INSERT INTO curve_points VALUES(4,'roc',-1,15,0.10833333333333333703,0.48333333333333333703,0.36865978614848465833);
INSERT INTO curve_points VALUES(4,'roc',-1,16,0.14999999999999999444,0.48333333333333333703,0.36507137692151991892);
INSERT INTO curve_points VALUES(4,'roc',-1,17,0.14999999999999999444,0.53333333333333332593,0.36368644568986663312);
INSERT INTO curve_points VALUES(4,'roc',-1,18,0.15833333333333332593,0.53333333333333332593,0.36357573316042957056);
INSERT INTO curve_points VALUES(4,'roc',-1,19,0.15833333333333332593,0.56666666666666665186,0.36249109403753848601);
INSERT INTO curve_points VALUES(4,'roc',-1,20,0.16666666666666665741,0.56666666666666665186,0.36166667728271051363);
INSERT INTO curve_points VALUES(4,'roc',-1,21,0.16666666666666665741,0.58333333333333337034,0.36151946513153054851);
INSERT INTO curve_points VALUES(4,'roc',-1,22,0.2000000000000000111,0.58333333333333337034,0.36058050129163166097);
INSERT INTO curve_points VALUES(4,'roc',-1,23,0.2000000000000000111,0.59999999999999997779,0.35928864894403111929);
INSERT INTO curve_points VALUES(4,'roc',-1,24,0.25833333333333335923,0.59999999999999997779,0.35713194296726941123);
INSERT INTO curve_points VALUES(4,'roc',-1,25,0.25833333333333335923,0.63333333333333330372,0.35701427372389193948);
INSERT INTO curve_points VALUES(4,'roc',-1,26,0.4000000000000000222,0.63333333333333330372,0.34598163716419177982);
INSERT INTO curve_points VALUES(4,'roc',-1,27,0.4000000000000000222,0.66666666666666662965,0.3436537026412237461);
INSERT INTO curve_points VALUES(4,'roc',-1,28,0.6500000000000000222,0.66666666666666662965,0.30783740506901230427);
INSERT INTO curve_points VALUES(4,'roc',-1,29,0.6500000000000000222,0.71666666666666667406,0.30531793292980513587);
INSERT INTO curve_points VALUES(4,'roc',-1,30,0.66666666666666662965,0.71666666666666667406,0.30475203963141028751);
INSERT INTO curve_points VALUES(4,'roc',-1,31,0.66666666666666662965,0.91666666666666662965,0.28661552030647446942);
INSERT INTO curve_points VALUES(4,'roc',-1,32,0.69166666666666665186,0.91666666666666662965,0.2828218345010427015);
INSERT INTO curve_points VALUES(4,'roc',-1,33,0.69166666666666665186,0.93333333333333334813,0.28169814509647472799);
INSERT INTO curve_points VALUES(4,'roc',-1,34,0.71666666666666667406,0.93333333333333334813,0.27950923024049062481);
INSERT INTO curve_points VALUES(4,'roc',-1,35,0.71666666666666667406,0.94999999999999995559,0.27926176890286491527);
INSERT INTO curve_points VALUES(4,'roc',-1,36,0.78333333333333332593,0.94999999999999995559,0.2717381831823053595);
INSERT INTO curve_points VALUES(4,'roc',-1,37,0.78333333333333332593,0.98333333333333328152,0.26817832451184281383);
INSERT INTO curve_points VALUES(4,'roc',-1,38,0.84999999999999997779,0.98333333333333328152,0.26154543944379277098);
INSERT INTO curve_points VALUES(4,'roc',-1,39,0.84999999999999997779,1.0,0.25672476664067750418);
INSERT INTO curve_points VALUES(4,'roc',-1,40,1.0,1.0,0.22282877888898580676);
INSERT INTO curve_points VALUES(4,'roc',0,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(4,'roc',0,1,0.0,0.4500000000000000111,0.40975472604559520783);
INSERT INTO curve_points VALUES(4,'roc',0,2,0.074999999999999997224,0.4500000000000000111,0.40641834016849637256);
INSERT INTO curve_points VALUES(4,'roc',0,3,0.074999999999999997224,0.5,0.40045973382867516843);
INSERT INTO curve_points VALUES(4,'roc',0,4,0.10000000000000000555,0.5,0.39725071555791074962);
INSERT INTO curve_points VALUES(4,'roc',0,5,0.10000000000000000555,0.69999999999999995559,0.39345395694633750194);
INSERT INTO curve_points VALUES(4,'roc',0,6,0.2000000000000000111,0.69999999999999995559,0.38668199661015290047);
INSERT INTO curve_points VALUES(4,'roc',0,7,0.2000000000000000111,0.75,0.38528747407652652601);
INSERT INTO curve_points VALUES(4,'roc',0,8,0.22500000000000000555,0.75,0.38221416820356696186);
INSERT INTO curve_points VALUES(4,'roc',0,9,0.22500000000000000555,0.8000000000000000444,0.37641506640113248094);
INSERT INTO curve_points VALUES(4,'roc',0,10,0.4000000000000000222,0.8000000000000000444,0.36507137692151991892);
INSERT INTO curve_points VALUES(4,'roc',0,11,0.4000000000000000222,0.94999999999999995559,0.36353110829928014791);
INSERT INTO curve_points VALUES(4,'roc',0,12,0.7750000000000000222,0.94999999999999995559,0.34598163716419177982);
INSERT INTO curve_points VALUES(4,'roc',0,13,0.7750000000000000222,1.0,0.3450664795228088888);
INSERT INTO curve_points VALUES(4,'roc',0,14,1.0,1.0,0.32884868972648118035);
INSERT INTO curve_points VALUES(4,'roc',1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(4,'roc',1,1,0.0,0.75,0.28661552030647446942);
INSERT INTO curve_points VALUES(4,'roc',1,2,0.074999999999999997224,0.75,0.2828218345010427015);
INSERT INTO curve_points VALUES(4,'roc',1,3,0.074999999999999997224,0.8000000000000000444,0.28169814509647472799);
INSERT INTO curve_points VALUES(4,'roc',1,4,0.14999999999999999444,0.8000000000000000444,0.27950923024049062481);
INSERT INTO curve_points VALUES(4,'roc',1,5,0.14999999999999999444,0.84999999999999997779,0.27926176890286491527);
INSERT INTO curve_points VALUES(4,'roc',1,6,0.34999999999999997779,0.84999999999999997779,0.2717381831823053595);
INSERT INTO curve_points VALUES(4,'roc',1,7,0.34999999999999997779,0.94999999999999995559,0.26817832451184281383);
INSERT INTO curve_points VALUES(4,'roc',1,8,0.5500000000000000444,0.94999999999999995559,0.26154543944379277098);
INSERT INTO curve_points VALUES(4,'roc',1,9,0.5500000000000000444,1.0,0.25672476664067750418);
INSERT INTO curve_points VALUES(4,'roc',1,10,1.0,1.0,0.22282877888898580676);
INSERT INTO curve_points VALUES(4,'roc',2,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(4,'roc',2,1,0.0,0.6500000000000000222,0.36865978614848465833);
INSERT INTO curve_points VALUES(4,'roc',2,2,0.050000000000000002775,0.6500000000000000222,0.36844570115536029453);
INSERT INTO curve_points VALUES(4,'roc',2,3,0.050000000000000002775,0.69999999999999995559,0.36392837739526112672);
INSERT INTO curve_points VALUES(4,'roc',2,4,0.074999999999999997224,0.69999999999999995559,0.36357573316042957056);
INSERT INTO curve_points VALUES(4,'roc',2,5,0.074999999999999997224,0.84999999999999997779,0.35928864894403111929);
INSERT INTO curve_points VALUES(4,'roc',2,6,0.14999999999999999444,0.84999999999999997779,0.35713194296726941123);
INSERT INTO curve_points VALUES(4,'roc',2,7,0.14999999999999999444,0.94999999999999995559,0.35701427372389193948);
INSERT INTO curve_points VALUES(4,'roc',2,8,0.42499999999999998889,0.94999999999999995559,0.34686481901211968503);
INSERT INTO curve_points VALUES(4,'roc',2,9,0.42499999999999998889,1.0,0.3436537026412237461);
INSERT INTO curve_points VALUES(4,'roc',2,10,1.0,1.0,0.30475203963141028751);
INSERT INTO curve_points VALUES(5,'pr',-1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(5,'pr',-1,1,0.0,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(5,'pr',-1,2,0.03333333333333333287,0.5,0.38222077063581161304);
INSERT INTO curve_points VALUES(5,'pr',-1,3,0.066666666666666665741,0.66666666666666662965,0.38185211927986373314);
INSERT INTO curve_points VALUES(5,'pr',-1,4,0.066666666666666665741,0.5,0.37411870953745407497);
INSERT INTO curve_points VALUES(5,'pr',-1,5,0.10000000000000000555,0.59999999999999997779,0.37160429638500874771);
INSERT INTO curve_points VALUES(5,'pr',-1,6,0.13333333333333333148,0.66666666666666662965,0.37023973437680351983);
INSERT INTO curve_points VALUES(5,'pr',-1,7,0.16666666666666665741,0.71428571428571430157,0.36974171541834360832);
INSERT INTO curve_points VALUES(5,'pr',-1,8,0.16666666666666665741,0.55555555555555558022,0.364442143192422352);
INSERT INTO curve_points VALUES(5,'pr',-1,9,0.2000000000000000111,0.59999999999999997779,0.3642197706910144106);
INSERT INTO curve_points VALUES(5,'pr',-1,10,0.2000000000000000111,0.42857142857142854763,0.36031195097495777313);
INSERT INTO curve_points VALUES(5,'pr',-1,11,0.23333333333333333703,0.46666666666666667406,0.3595702020471084892);
INSERT INTO curve_points VALUES(5,'pr',-1,12,0.26666666666666666296,0.5,0.35830561219273693307);
INSERT INTO curve_points VALUES(5,'pr',-1,13,0.26666666666666666296,0.47058823529411764052,0.3578133121113078463);
INSERT INTO curve_points VALUES(5,'pr',-1,14,0.29999999999999998889,0.5,0.35396830736543011264);
INSERT INTO curve_points VALUES(5,'pr',-1,15,0.33333333333333331482,0.5263157894736841813,0.3538515143646051575);
INSERT INTO curve_points VALUES(5,'pr',-1,16,0.33333333333333331482,0.41666666666666668517,0.34951636207997949234);
INSERT INTO curve_points VALUES(5,'pr',-1,17,0.36666666666666664076,0.44000000000000000222,0.34707236933688623281);
INSERT INTO curve_points VALUES(5,'pr',-1,18,0.36666666666666664076,0.42307692307692307265,0.34673233474835069012);
INSERT INTO curve_points VALUES(5,'pr',-1,19,0.4000000000000000222,0.44444444444444441977,0.34608860465574231568);
INSERT INTO curve_points VALUES(5,'pr',-1,20,0.43333333333333334813,0.46428571428571430157,0.3454963319093551366);
INSERT INTO curve_points VALUES(5,'pr',-1,21,0.43333333333333334813,0.43333333333333334813,0.3414236904666902439);
INSERT INTO curve_points VALUES(5,'pr',-1,22,0.46666666666666667406,0.45161290322580643907,0.33886287961036110072);
INSERT INTO curve_points VALUES(5,'pr',-1,23,0.46666666666666667406,0.4000000000000000222,0.33589049899179740377);
INSERT INTO curve_points VALUES(5,'pr',-1,24,0.5,0.41666666666666668517,0.33571417998820923811);
INSERT INTO curve_points VALUES(5,'pr',-1,25,0.5,0.38461538461538463673,0.33075323771683062812);
INSERT INTO curve_points VALUES(5,'pr',-1,26,0.53333333333333332593,0.4000000000000000222,0.33024300923211263869);
INSERT INTO curve_points VALUES(5,'pr',-1,27,0.53333333333333332593,0.35555555555555556912,0.32751211323654177975);
INSERT INTO curve_points VALUES(5,'pr',-1,28,0.56666666666666665186,0.36956521739130432369,0.32745810377744566377);
INSERT INTO curve_points VALUES(5,'pr',-1,29,0.56666666666666665186,0.35416666666666668517,0.32733984272198274334);
INSERT INTO curve_points VALUES(5,'pr',-1,30,0.59999999999999997779,0.36734693877551022334,0.32582719323817727063);
INSERT INTO curve_points VALUES(5,'pr',-1,31,0.59999999999999997779,0.35294117647058825815,0.32465644468184329252);
INSERT INTO curve_points VALUES(5,'pr',-1,32,0.63333333333333330372,0.36538461538461536326,0.32397863336551785407);
INSERT INTO curve_points VALUES(5,'pr',-1,33,0.63333333333333330372,0.33928571428571430157,0.32148602138404525074);
INSERT INTO curve_points VALUES(5,'pr',-1,34,0.66666666666666662965,0.35087719298245612087,0.32099861127628054324);
INSERT INTO curve_points VALUES(5,'pr',-1,35,0.66666666666666662965,0.34482758620689657469,0.32097460844936714918);
INSERT INTO curve_points VALUES(5,'pr',-1,36,0.69999999999999995559,0.35593220338983050377,0.32038089581340783995);
INSERT INTO curve_points VALUES(5,'pr',-1,37,0.73333333333333328152,0.36666666666666664076,0.32008564865805011478);
INSERT INTO curve_points VALUES(5,'pr',-1,38,0.76666666666666671847,0.37704918032786882697,0.31997500593803435142);
INSERT INTO curve_points VALUES(5,'pr',-1,39,0.8000000000000000444,0.38709677419354837635,0.31959887478851889408);
INSERT INTO curve_points VALUES(5,'pr',-1,40,0.8000000000000000444,0.375,0.31945518950352425058);
INSERT INTO curve_points VALUES(5,'pr',-1,41,0.83333333333333337034,0.38461538461538463673,0.31902516827219856709);
INSERT INTO curve_points VALUES(5,'pr',-1,42,0.83333333333333337034,0.33333333333333331482,0.31491010754352927181);
INSERT INTO curve_points VALUES(5,'pr',-1,43,0.86666666666666669627,0.3421052631578947456,0.31387338597043501486);
INSERT INTO curve_points VALUES(5,'pr',-1,44,0.86666666666666669627,0.3209876543209876365,0.30732919388915930225);
INSERT INTO curve_points VALUES(5,'pr',-1,45,0.9000000000000000222,0.32926829268292684416,0.30594437922324818623);
INSERT INTO curve_points VALUES(5,'pr',-1,46,0.93333333333333334813,0.3373493975903614217,0.30424571612506429163);
INSERT INTO curve_points VALUES(5,'pr',-1,47,0.93333333333333334813,0.33333333333333331482,0.30414400364575938651);
INSERT INTO curve_points VALUES(5,'pr',-1,48,0.96666666666666667406,0.34117647058823530326,0.30192086837415432754);
INSERT INTO curve_points VALUES(5,'pr',-1,49,0.96666666666666667406,0.32954545454545453031,0.301146510191134531);
INSERT INTO curve_points VALUES(5,'pr',-1,50,1.0,0.33707865168539324907,0.29850689465882795925);
INSERT INTO curve_points VALUES(5,'pr',-1,51,1.0,0.33333333333333331482,0.29782455203512281372);
INSERT INTO curve_points VALUES(5,'pr',0,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(5,'pr',0,1,0.0,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(5,'pr',0,2,0.10000000000000000555,0.5,0.38222077063581161304);
INSERT INTO curve_points VALUES(5,'pr',0,3,0.2000000000000000111,0.66666666666666662965,0.38185211927986373314);
INSERT INTO curve_points VALUES(5,'pr',0,4,0.2000000000000000111,0.5,0.37411870953745407497);
INSERT INTO curve_points VALUES(5,'pr',0,5,0.29999999999999998889,0.59999999999999997779,0.37160429638500874771);
INSERT INTO curve_points VALUES(5,'pr',0,6,0.4000000000000000222,0.66666666666666662965,0.36974171541834360832);
INSERT INTO curve_points VALUES(5,'pr',0,7,0.4000000000000000222,0.36363636363636364645,0.36031195097495777313);
INSERT INTO curve_points VALUES(5,'pr',0,8,0.5,0.41666666666666668517,0.3595702020471084892);
INSERT INTO curve_points VALUES(5,'pr',0,9,0.59999999999999997779,0.46153846153846156408,0.35396830736543011264);
INSERT INTO curve_points VALUES(5,'pr',0,10,0.59999999999999997779,0.29999999999999998889,0.33589049899179740377);
INSERT INTO curve_points VALUES(5,'pr',0,11,0.69999999999999995559,0.33333333333333331482,0.33571417998820923811);
INSERT INTO curve_points VALUES(5,'pr',0,12,0.69999999999999995559,0.29166666666666668517,0.33075323771683062812);
INSERT INTO curve_points VALUES(5,'pr',0,13,0.8000000000000000444,0.32000000000000000666,0.33024300923211263869);
INSERT INTO curve_points VALUES(5,'pr',0,14,0.8000000000000000444,0.28571428571428569842,0.32503909499619604295);
INSERT INTO curve_points VALUES(5,'pr',0,15,0.9000000000000000222,0.31034482758620690612,0.32397863336551785407);
INSERT INTO curve_points VALUES(5,'pr',0,16,1.0,0.33333333333333331482,0.32099861127628054324);
INSERT INTO curve_points VALUES(5,'pr',1,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(5,'pr',1,1,0.10000000000000000555,1.0,0.37023973437680351983);
INSERT INTO curve_points VALUES(5,'pr',1,2,0.2000000000000000111,1.0,0.3642197706910144106);
INSERT INTO curve_points VALUES(5,'pr',1,3,0.2000000000000000111,0.66666666666666662965,0.36409128118019024045);
INSERT INTO curve_points VALUES(5,'pr',1,4,0.29999999999999998889,0.75,0.35830561219273693307);
INSERT INTO curve_points VALUES(5,'pr',1,5,0.29999999999999998889,0.59999999999999997779,0.3578133121113078463);
INSERT INTO curve_points VALUES(5,'pr',1,6,0.4000000000000000222,0.66666666666666662965,0.3538515143646051575);
INSERT INTO curve_points VALUES(5,'pr',1,7,0.4000000000000000222,0.57142857142857139685,0.35043329692531283159);
INSERT INTO curve_points VALUES(5,'pr',1,8,0.5,0.625,0.34707236933688623281);
INSERT INTO curve_points VALUES(5,'pr',1,9,0.5,0.55555555555555558022,0.34673233474835069012);
INSERT INTO curve_points VALUES(5,'pr',1,10,0.59999999999999997779,0.59999999999999997779,0.34608860465574231568);
INSERT INTO curve_points VALUES(5,'pr',1,11,0.69999999999999995559,0.63636363636363635354,0.3454963319093551366);
INSERT INTO curve_points VALUES(5,'pr',1,12,0.69999999999999995559,0.53846153846153843591,0.3414236904666902439);
INSERT INTO curve_points VALUES(5,'pr',1,13,0.8000000000000000444,0.57142857142857139685,0.33886287961036110072);
INSERT INTO curve_points VALUES(5,'pr',1,14,0.8000000000000000444,0.36363636363636364645,0.32097460844936714918);
INSERT INTO curve_points VALUES(5,'pr',1,15,0.9000000000000000222,0.39130434782608697341,0.31997500593803435142);
INSERT INTO curve_points VALUES(5,'pr',1,16,0.9000000000000000222,0.3461538461538461453,0.31536072590044406105);
INSERT INTO curve_points VALUES(5,'pr',1,17,1.0,0.37037037037037034981,0.31387338597043501486);
INSERT INTO curve_points VALUES(5,'pr',1,18,1.0,0.33333333333333331482,0.29782455203512281372);
INSERT INTO curve_points VALUES(5,'pr',2,0,0.0,1.0,1e999);
INSERT INTO curve_points VALUES(5,'pr',2,1,0.0,0.0,0.32928903188613156682);
INSERT INTO curve_points VALUES(5,'pr',2,2,0.10000000000000000555,0.5,0.32745810377744566377);
INSERT INTO curve_points VALUES(5,'pr',2,3,0.2000000000000000111,0.66666666666666662965,0.32582719323817727063);
INSERT INTO curve_points VALUES(5,'pr',2,4,0.2000000000000000111,0.33333333333333331482,0.32148602138404525074);
INSERT INTO curve_points VALUES(5,'pr',2,5,0.29999999999999998889,0.42857142857142854763,0.32038089581340783995);
INSERT INTO curve_points VALUES(5,'pr',2,6,0.4000000000000000222,0.5,0.32008564865805011478);
INSERT INTO curve_points VALUES(5,'pr',2,7,0.5,0.55555555555555558022,0.31959887478851889408);
INSERT INTO curve_points VALUES(5,'pr',2,8,0.5,0.45454545454545453031,0.31945518950352425058);
INSERT INTO curve_points VALUES(5,'pr',2,9,0.59999999999999997779,0.5,0.31902516827219856709);
INSERT INTO curve_points VALUES(5,'pr',2,10,0.59999999999999997779,0.2608695652173912971,0.30732919388915930225);
INSERT INTO curve_points VALUES(5,'pr',2,11,0.69999999999999995559,0.29166666666666668517,0.30594437922324818623);
INSERT INTO curve_points VALUES(5,'pr',2,12,0.8000000000000000444,0.32000000000000000666,0.30424571612506429163);
INSERT INTO curve_points VALUES(5,'pr',2,13,0.9000000000000000222,0.3461538461538461453,0.30192086837415432754);
INSERT INTO curve_points VALUES(5,'pr',2,14,0.9000000000000000222,0.31034482758620690612,0.301146510191134531);
INSERT INTO curve_points VALUES(5,'pr',2,15,1.0,0.33333333333333331482,0.29850689465882795925);
INSERT INTO curve_points VALUES(5,'roc',-2,0,0.0,0.0,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,1,0.0,0.066666666666666665741,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,2,0.050000000000000002775,0.066666666666666665741,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,3,0.050000000000000002775,0.23333333333333330927,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,4,0.10000000000000000555,0.23333333333333330927,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,5,0.10000000000000000555,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,6,0.14999999999999999444,0.33333333333333331482,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,7,0.14999999999999999444,0.36666666666666669627,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,8,0.2000000000000000111,0.36666666666666669627,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,9,0.2000000000000000111,0.53333333333333332593,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,10,0.29999999999999998889,0.53333333333333332593,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,11,0.29999999999999998889,0.60000000000000008881,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,12,0.34999999999999997779,0.60000000000000008881,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,13,0.34999999999999997779,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,14,0.69999999999999995559,0.66666666666666662965,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,15,0.69999999999999995559,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,16,0.84999999999999997779,0.73333333333333339254,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,17,0.84999999999999997779,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,18,1.0,0.9000000000000000222,NULL);
INSERT INTO curve_points VALUES(5,'roc',-2,19,1.0,1.0,NULL);
INSERT INTO curve_points VALUES(5,'roc',-1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(5,'roc',-1,1,0.016666666666666666435,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(5,'roc',-1,2,0.016666666666666666435,0.066666666666666665741,0.38185211927986373314);
INSERT INTO curve_points VALUES(5,'roc',-1,3,0.03333333333333333287,0.066666666666666665741,0.37411870953745407497);
INSERT INTO curve_points VALUES(5,'roc',-1,4,0.03333333333333333287,0.16666666666666665741,0.36974171541834360832);
INSERT INTO curve_points VALUES(5,'roc',-1,5,0.066666666666666665741,0.16666666666666665741,0.364442143192422352);
INSERT INTO curve_points VALUES(5,'roc',-1,6,0.066666666666666665741,0.2000000000000000111,0.3642197706910144106);
INSERT INTO curve_points VALUES(5,'roc',-1,7,0.13333333333333333148,0.2000000000000000111,0.36031195097495777313);
INSERT INTO curve_points VALUES(5,'roc',-1,8,0.13333333333333333148,0.26666666666666666296,0.35830561219273693307);
INSERT INTO curve_points VALUES(5,'roc',-1,9,0.14999999999999999444,0.26666666666666666296,0.3578133121113078463);
INSERT INTO curve_points VALUES(5,'roc',-1,10,0.14999999999999999444,0.33333333333333331482,0.3538515143646051575);
INSERT INTO curve_points VALUES(5,'roc',-1,11,0.23333333333333333703,0.33333333333333331482,0.34951636207997949234);
INSERT INTO curve_points VALUES(5,'roc',-1,12,0.23333333333333333703,0.36666666666666664076,0.34707236933688623281);
INSERT INTO curve_points VALUES(5,'roc',-1,13,0.25,0.36666666666666664076,0.34673233474835069012);
INSERT INTO curve_points VALUES(5,'roc',-1,14,0.25,0.43333333333333334813,0.3454963319093551366);
INSERT INTO curve_points VALUES(5,'roc',-1,15,0.28333333333333332593,0.43333333333333334813,0.3414236904666902439);
INSERT INTO curve_points VALUES(5,'roc',-1,16,0.28333333333333332593,0.46666666666666667406,0.33886287961036110072);
INSERT INTO curve_points VALUES(5,'roc',-1,17,0.34999999999999997779,0.46666666666666667406,0.33589049899179740377);
INSERT INTO curve_points VALUES(5,'roc',-1,18,0.34999999999999997779,0.5,0.33571417998820923811);
INSERT INTO curve_points VALUES(5,'roc',-1,19,0.4000000000000000222,0.5,0.33075323771683062812);
INSERT INTO curve_points VALUES(5,'roc',-1,20,0.4000000000000000222,0.53333333333333332593,0.33024300923211263869);
INSERT INTO curve_points VALUES(5,'roc',-1,21,0.48333333333333333703,0.53333333333333332593,0.32751211323654177975);
INSERT INTO curve_points VALUES(5,'roc',-1,22,0.48333333333333333703,0.56666666666666665186,0.32745810377744566377);
INSERT INTO curve_points VALUES(5,'roc',-1,23,0.51666666666666671847,0.56666666666666665186,0.32733984272198274334);
INSERT INTO curve_points VALUES(5,'roc',-1,24,0.51666666666666671847,0.59999999999999997779,0.32582719323817727063);
INSERT INTO curve_points VALUES(5,'roc',-1,25,0.5500000000000000444,0.59999999999999997779,0.32465644468184329252);
INSERT INTO curve_points VALUES(5,'roc',-1,26,0.5500000000000000444,0.63333333333333330372,0.32397863336551785407);
INSERT INTO curve_points VALUES(5,'roc',-1,27,0.61666666666666669627,0.63333333333333330372,0.32148602138404525074);
INSERT INTO curve_points VALUES(5,'roc',-1,28,0.61666666666666669627,0.66666666666666662965,0.32099861127628054324);
INSERT INTO curve_points VALUES(5,'roc',-1,29,0.63333333333333330372,0.66666666666666662965,0.32097460844936714918);
INSERT INTO curve_points VALUES(5,'roc',-1,30,0.63333333333333330372,0.8000000000000000444,0.31959887478851889408);
INSERT INTO curve_points VALUES(5,'roc',-1,31,0.66666666666666662965,0.8000000000000000444,0.31945518950352425058);
INSERT INTO curve_points VALUES(5,'roc',-1,32,0.66666666666666662965,0.83333333333333337034,0.31902516827219856709);
INSERT INTO curve_points VALUES(5,'roc',-1,33,0.83333333333333337034,0.83333333333333337034,0.31491010754352927181);
INSERT INTO curve_points VALUES(5,'roc',-1,34,0.83333333333333337034,0.86666666666666669627,0.31387338597043501486);
INSERT INTO curve_points VALUES(5,'roc',-1,35,0.91666666666666662965,0.86666666666666669627,0.30732919388915930225);
INSERT INTO curve_points VALUES(5,'roc',-1,36,0.91666666666666662965,0.93333333333333334813,0.30424571612506429163);
INSERT INTO curve_points VALUES(5,'roc',-1,37,0.93333333333333334813,0.93333333333333334813,0.30414400364575938651);
INSERT INTO curve_points VALUES(5,'roc',-1,38,0.93333333333333334813,0.96666666666666667406,0.30192086837415432754);
INSERT INTO curve_points VALUES(5,'roc',-1,39,0.98333333333333328152,0.96666666666666667406,0.301146510191134531);
INSERT INTO curve_points VALUES(5,'roc',-1,40,0.98333333333333328152,1.0,0.29850689465882795925);
INSERT INTO curve_points VALUES(5,'roc',-1,41,1.0,1.0,0.29782455203512281372);
INSERT INTO curve_points VALUES(5,'roc',0,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(5,'roc',0,1,0.050000000000000002775,0.0,0.39623106874162900004);
INSERT INTO curve_points VALUES(5,'roc',0,2,0.050000000000000002775,0.2000000000000000111,0.38185211927986373314);
INSERT INTO curve_points VALUES(5,'roc',0,3,0.10000000000000000555,0.2000000000000000111,0.37411870953745407497);
INSERT INTO curve_points VALUES(5,'roc',0,4,0.10000000000000000555,0.4000000000000000222,0.36974171541834360832);
INSERT INTO curve_points VALUES(5,'roc',0,5,0.34999999999999997779,0.4000000000000000222,0.36031195097495777313);
INSERT INTO curve_points VALUES(5,'roc',0,6,0.34999999999999997779,0.59999999999999997779,0.35396830736543011264);
INSERT INTO curve_points VALUES(5,'roc',0,7,0.69999999999999995559,0.59999999999999997779,0.33589049899179740377);
INSERT INTO curve_points VALUES(5,'roc',0,8,0.69999999999999995559,0.69999999999999995559,0.33571417998820923811);
INSERT INTO curve_points VALUES(5,'roc',0,9,0.84999999999999997779,0.69999999999999995559,0.33075323771683062812);
INSERT INTO curve_points VALUES(5,'roc',0,10,0.84999999999999997779,0.8000000000000000444,0.33024300923211263869);
INSERT INTO curve_points VALUES(5,'roc',0,11,1.0,0.8000000000000000444,0.32503909499619604295);
INSERT INTO curve_points VALUES(5,'roc',0,12,1.0,1.0,0.32099861127628054324);
INSERT INTO curve_points VALUES(5,'roc',1,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(5,'roc',1,1,0.0,0.2000000000000000111,0.3642197706910144106);
INSERT INTO curve_points VALUES(5,'roc',1,2,0.050000000000000002775,0.2000000000000000111,0.36409128118019024045);
INSERT INTO curve_points VALUES(5,'roc',1,3,0.050000000000000002775,0.29999999999999998889,0.35830561219273693307);
INSERT INTO curve_points VALUES(5,'roc',1,4,0.10000000000000000555,0.29999999999999998889,0.3578133121113078463);
INSERT INTO curve_points VALUES(5,'roc',1,5,0.10000000000000000555,0.4000000000000000222,0.3538515143646051575);
INSERT INTO curve_points VALUES(5,'roc',1,6,0.14999999999999999444,0.4000000000000000222,0.35043329692531283159);
INSERT INTO curve_points VALUES(5,'roc',1,7,0.14999999999999999444,0.5,0.34707236933688623281);
INSERT INTO curve_points VALUES(5,'roc',1,8,0.2000000000000000111,0.5,0.34673233474835069012);
INSERT INTO curve_points VALUES(5,'roc',1,9,0.2000000000000000111,0.69999999999999995559,0.3454963319093551366);
INSERT INTO curve_points VALUES(5,'roc',1,10,0.29999999999999998889,0.69999999999999995559,0.3414236904666902439);
INSERT INTO curve_points VALUES(5,'roc',1,11,0.29999999999999998889,0.8000000000000000444,0.33886287961036110072);
INSERT INTO curve_points VALUES(5,'roc',1,12,0.69999999999999995559,0.8000000000000000444,0.32097460844936714918);
INSERT INTO curve_points VALUES(5,'roc',1,13,0.69999999999999995559,0.9000000000000000222,0.31997500593803435142);
INSERT INTO curve_points VALUES(5,'roc',1,14,0.84999999999999997779,0.9000000000000000222,0.31536072590044406105);
INSERT INTO curve_points VALUES(5,'roc',1,15,0.84999999999999997779,1.0,0.31387338597043501486);
INSERT INTO curve_points VALUES(5,'roc',1,16,1.0,1.0,0.29782455203512281372);
INSERT INTO curve_points VALUES(5,'roc',2,0,0.0,0.0,1e999);
INSERT INTO curve_points VALUES(5,'roc',2,1,0.050000000000000002775,0.0,0.32928903188613156682);
INSERT INTO curve_points VALUES(5,'roc',2,2,0.050000000000000002775,0.2000000000000000111,0.32582719323817727063);
INSERT INTO curve_points VALUES(5,'roc',2,3,0.2000000000000000111,0.2000000000000000111,0.32148602138404525074);
INSERT INTO curve_points VALUES(5,'roc',2,4,0.2000000000000000111,0.5,0.31959887478851889408);
INSERT INTO curve_points VALUES(5,'roc',2,5,0.29999999999999998889,0.5,0.31945518950352425058);
INSERT INTO curve_points VALUES(5,'roc',2,6,0.29999999999999998889,0.59999999999999997779,0.31902516827219856709);
INSERT INTO curve_points VALUES(5,'roc',2,7,0.84999999999999997779,0.59999999999999997779,0.30732919388915930225);
INSERT INTO curve_points VALUES(5,'roc',2,8,0.84999999999999997779,0.9000000000000000222,0.30192086837415432754);
INSERT INTO curve_points VALUES(5,'roc',2,9,1.0,0.9000000000000000222,0.301146510191134531);
INSERT INTO curve_points VALUES(5,'roc',2,10,1.0,1.0,0.29850689465882795925);
CREATE TABLE predictions (
  evaluation_id INTEGER NOT NULL
    REFERENCES evaluations (evaluation_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  logits BLOB NOT NULL,
  PRIMARY KEY (evaluation_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO predictions VALUES(1,0,X'1ffdd3bd993778bd89f22ebe');
INSERT INTO predictions VALUES(1,1,X'682099bdc5440dbdc8a7ddbd');
INSERT INTO predictions VALUES(1,2,X'b6c9163d2ef3c5bd7a8041be');
INSERT INTO predictions VALUES(1,3,X'591ee93c59d74cbed75f2dbe');
INSERT INTO predictions VALUES(1,4,X'df0148bc60f321be57d004be');
INSERT INTO predictions VALUES(1,5,X'de2cacbbce168fbdd56d3abe');
INSERT INTO predictions VALUES(1,6,X'50e2ebbdccc8303c1a8d09be');
INSERT INTO predictions VALUES(1,7,X'0f7ac9bc9e4213be53a914be');
INSERT INTO predictions VALUES(1,8,X'4f7686bc5f9e16bd816824be');
INSERT INTO predictions VALUES(1,9,X'5224abbdf28780bc48d889bd');
INSERT INTO predictions VALUES(1,10,X'b660a5bdc9c31d3de7112cbe');
INSERT INTO predictions VALUES(1,11,X'442cdabdde80c8bd0d5626be');
INSERT INTO predictions VALUES(1,12,X'cd9311bea7e17dbd9df34bbe');
INSERT INTO predictions VALUES(1,13,X'faf37dbdfd72293d438d03be');
INSERT INTO predictions VALUES(1,14,X'ddb32ebe98417abef99176be');
INSERT INTO predictions VALUES(1,15,X'1ed5cbbb46a03abeaad929be');
INSERT INTO predictions VALUES(1,16,X'48b298bd0fe63dbd4e6c02be');
INSERT INTO predictions VALUES(1,17,X'74eb893d8c625fbe33d743be');
INSERT INTO predictions VALUES(1,18,X'340713bd2aeb1dbe63c074be');
INSERT INTO predictions VALUES(1,19,X'ce5b10be1d5132bd121e2bbe');
INSERT INTO predictions VALUES(1,20,X'20316ebd32df4bbe13d743be');
INSERT INTO predictions VALUES(1,21,X'3fd88dbcce0006beaedc0abe');
INSERT INTO predictions VALUES(1,22,X'5807acbd961d87bc91b306be');
INSERT INTO predictions VALUES(1,23,X'e7f3d2bcc42b30be438022be');
INSERT INTO predictions VALUES(1,24,X'36e3a6bd7d8723be33f23ebe');
INSERT INTO predictions VALUES(1,25,X'bb89bbbd81125bbdccb10dbe');
INSERT INTO predictions VALUES(1,26,X'166614bdc27edebd56ca05be');
INSERT INTO predictions VALUES(1,27,X'afe94dbc3aa54dbe95b67dbe');
INSERT INTO predictions VALUES(1,28,X'4a1b99bd78b791bd06c5f0bd');
INSERT INTO predictions VALUES(1,29,X'd006a0bdc07b24be749214be');
INSERT INTO predictions VALUES(1,30,X'66f28cbdf5247ebee874a7be');
INSERT INTO predictions VALUES(1,31,X'af389fbda31e13bdcbc540be');
INSERT INTO predictions VALUES(1,32,X'4f60efbc0ba799bd0e2a09be');
INSERT INTO predictions VALUES(1,33,X'ce4cbfbdfe0d22be563970be');
INSERT INTO predictions VALUES(1,34,X'38fb44bde6bb09bef70b46be');
INSERT INTO predictions VALUES(1,35,X'fcae92bd3f245fbe74ec17be');
INSERT INTO predictions VALUES(1,36,X'3a46b3bd2cf58ebd3f2135be');
INSERT INTO predictions VALUES(1,37,X'd5061fbe4c8f7fbcb80a24be');
INSERT INTO predictions VALUES(1,38,X'57e5a3bc78c3d4bd29e41dbe');
INSERT INTO predictions VALUES(1,39,X'76afbcbdd6e607be923720be');
INSERT INTO predictions VALUES(1,40,X'a32802bef89fb3bd28ed4cbe');
INSERT INTO predictions VALUES(1,41,X'60db7bbd122ebfbdfd610ebe');
INSERT INTO predictions VALUES(1,42,X'64f523bd4c621cbe5801ffbd');
INSERT INTO predictions VALUES(1,43,X'40b1afbd60cc19bbceb518be');
INSERT INTO predictions VALUES(1,44,X'2c634bbdb9e801be26827fbe');
INSERT INTO predictions VALUES(1,45,X'93af0ebe4a60f1bd67da09be');
INSERT INTO predictions VALUES(1,46,X'8ad29fbd5014aabd212101be');
INSERT INTO predictions VALUES(1,47,X'7eded3bb381544be5bd926be');
INSERT INTO predictions VALUES(1,48,X'44a316bdfcea0bbe53634abe');
INSERT INTO predictions VALUES(1,49,X'e841d9bd70d382bd5c54a5bd');
INSERT INTO predictions VALUES(1,50,X'8a36ebbd0e24d1bdb56b70be');
INSERT INTO predictions VALUES(1,51,X'1edaabbd1f9226be1b4838be');
INSERT INTO predictions VALUES(1,52,X'7ae5e6bd788f023d50f9e1bd');
INSERT INTO predictions VALUES(1,53,X'5a0345bddf1a77bdb8d60ebe');
INSERT INTO predictions VALUES(1,54,X'1f8c1ebc5c39f1bd6bca2bbe');
INSERT INTO predictions VALUES(1,55,X'b85e79bd20194cbe369c10be');
INSERT INTO predictions VALUES(1,56,X'482123bd62fad7bdbfca81be');
INSERT INTO predictions VALUES(1,57,X'1465803db92b39beaf5a4ebe');
INSERT INTO predictions VALUES(1,58,X'7e66a7bd80be9dbbb6e507be');
INSERT INTO predictions VALUES(1,59,X'4ef1eebdd71f66bd33418bbe');
INSERT INTO predictions VALUES(2,0,X'e826663d29176a3ccb0983bd');
INSERT INTO predictions VALUES(2,1,X'f273fd3c06169c3ba06babbc');
INSERT INTO predictions VALUES(2,2,X'f517b73c7a2ca5bd041041bd');
INSERT INTO predictions VALUES(2,3,X'0a2eab3dd3ae20bc58208abd');
INSERT INTO predictions VALUES(2,4,X'de88c93d40718eb999868bbd');
INSERT INTO predictions VALUES(2,5,X'c7920f3d0631d8bb8efea8bd');
INSERT INTO predictions VALUES(2,6,X'0233993d4f1154bd92186cbd');
INSERT INTO predictions VALUES(2,7,X'9edbd53d0bcf5c3d7bc8e7bd');
INSERT INTO predictions VALUES(2,8,X'c0905f3a0cfd3bbdb78c81bc');
INSERT INTO predictions VALUES(2,9,X'06d5533d80c448bdf34540bd');
INSERT INTO predictions VALUES(2,10,X'e8fc6b3dfdef053cbd78b83c');
INSERT INTO predictions VALUES(2,11,X'2048023e6dc48a3d48da95bd');
INSERT INTO predictions VALUES(2,12,X'a3f2933de10c503c9bd585bd');
INSERT INTO predictions VALUES(2,13,X'5877c13d53e13a3c291462bc');
INSERT INTO predictions VALUES(2,14,X'90dae03d49dfdf3dedd256be');
INSERT INTO predictions VALUES(2,15,X'78701b3e7d45663c0ea334bd');
INSERT INTO predictions VALUES(2,16,X'fc174b3caa88f1bc34d68bbc');
INSERT INTO predictions VALUES(2,17,X'a867c13da68c413d4fd723be');
INSERT INTO predictions VALUES(2,18,X'42a7e33d1aaea53caf8240bd');
INSERT INTO predictions VALUES(2,19,X'8423f63dd59d703d960ff8bb');
INSERT INTO predictions VALUES(2,20,X'96f7ab3d1047f8bc2b9643bd');
INSERT INTO predictions VALUES(2,21,X'9305ba3db89f97bcff7dbdbd');
INSERT INTO predictions VALUES(2,22,X'dcbb983d425ff33c93c06fbd');
INSERT INTO predictions VALUES(2,23,X'0925873d684a963c8098a1bd');
INSERT INTO predictions VALUES(2,24,X'6e29153e69f222bc46c7c2bd');
INSERT INTO predictions VALUES(2,25,X'cb79523d2e1ebd3c431f19bb');
INSERT INTO predictions VALUES(2,26,X'7232a63d9e8f4bbd6b922cbd');
INSERT INTO predictions VALUES(2,27,X'0a909d3d1877893cb35df4bc');
INSERT INTO predictions VALUES(2,28,X'32465d3deded363c76703fbd');
INSERT INTO predictions VALUES(2,29,X'74768c3c06de87bc855e98bc');
INSERT INTO predictions VALUES(2,30,X'440a3f3efafbaf3cac25c1bd');
INSERT INTO predictions VALUES(2,31,X'7c00683d4d54413cf6e0debc');
INSERT INTO predictions VALUES(2,32,X'34384e3dbdcc28bd10f063bc');
INSERT INTO predictions VALUES(2,33,X'2a15a43db9d5223d1f7db1bd');
INSERT INTO predictions VALUES(2,34,X'7640eb3d909d843d3c5684bd');
INSERT INTO predictions VALUES(2,35,X'98afe33d0fe5573cb8dc0abe');
INSERT INTO predictions VALUES(2,36,X'6eadb93d4e649f3c9cc799bd');
INSERT INTO predictions VALUES(2,37,X'9623a03d5be80e3dbbbe18bd');
INSERT INTO predictions VALUES(2,38,X'c02cd03d044ab0bc8a7e89bd');
INSERT INTO predictions VALUES(2,39,X'20979a3dc7ca76bd3216e2bd');
INSERT INTO predictions VALUES(2,40,X'87113e3d6d5f513d36a355bd');
INSERT INTO predictions VALUES(2,41,X'a38cb63d5624a6bcafef20bc');
INSERT INTO predictions VALUES(2,42,X'5e08ec3df7a04ebd6e5ba7bd');
INSERT INTO predictions VALUES(2,43,X'5789123d39585bbc6559acbc');
INSERT INTO predictions VALUES(2,44,X'da978fbc6de7613c90931ebe');
INSERT INTO predictions VALUES(2,45,X'4945063eff3e643cb64d1fbe');
INSERT INTO predictions VALUES(2,46,X'11098c3dc9ac123cba379bbd');
INSERT INTO predictions VALUES(2,47,X'd02dfd3d27356b3d3fb005be');
INSERT INTO predictions VALUES(2,48,X'881e8e3da084c1bcd46986bd');
INSERT INTO predictions VALUES(2,49,X'2944643d02109b3c0fed0fbd');
INSERT INTO predictions VALUES(2,50,X'8e2fcb3d9ba16dbc15b103be');
INSERT INTO predictions VALUES(2,51,X'26e2d23dd087223d9c2b33bd');
INSERT INTO predictions VALUES(2,52,X'd29c943dbc936a3b487e23bc');
INSERT INTO predictions VALUES(2,53,X'356d153d92a817bd27a6b2bc');
INSERT INTO predictions VALUES(2,54,X'7591653d223aa7bc11aefbbc');
INSERT INTO predictions VALUES(2,55,X'0448823da2b5d03cddba2bbe');
INSERT INTO predictions VALUES(2,56,X'ac592d3c6ba51ebd27b20abd');
INSERT INTO predictions VALUES(2,57,X'88a0f33cd9212b3d7cf3afbd');
INSERT INTO predictions VALUES(2,58,X'c24fa03d1a09cd3c16cef9bb');
INSERT INTO predictions VALUES(2,59,X'fc6cc73ced97323d918881bd');
INSERT INTO predictions VALUES(3,0,X'24441dbccac6f23d56c516be');
INSERT INTO predictions VALUES(3,1,X'08cf39bd609c133e58431cbe');
INSERT INTO predictions VALUES(3,2,X'206c12bde01acd3d8cc3d6bd');
INSERT INTO predictions VALUES(3,3,X'2d89873d43052b3dc8a1fabd');
INSERT INTO predictions VALUES(3,4,X'e83214bc3303d63d1ecc00be');
INSERT INTO predictions VALUES(3,5,X'0d18b63b01dad13d1034c2bd');
INSERT INTO predictions VALUES(3,6,X'2b25973c2cd5433e77f117be');
INSERT INTO predictions VALUES(3,7,X'c985ac3b33d2bc3d3ce909be');
INSERT INTO predictions VALUES(3,8,X'93f450bd2682eb3d2687b6bd');
INSERT INTO predictions VALUES(3,9,X'ae93cdbc6e2a123e8e95ffbd');
INSERT INTO predictions VALUES(3,10,X'8e3f2abd73b3dc3d2ed1dbbd');
INSERT INTO predictions VALUES(3,11,X'cdef943b7b6bf63da851e4bd');
INSERT INTO predictions VALUES(3,12,X'4997e03b4649163dc37437be');
INSERT INTO predictions VALUES(3,13,X'accc4ebc08ecf13d48d80cbe');
INSERT INTO predictions VALUES(3,14,X'c5bc843da7e7923dc09d05be');
INSERT INTO predictions VALUES(3,15,X'b99dc93c1ac3593da085e3bd');
INSERT INTO predictions VALUES(3,16,X'33176dbd0848083e7a7af6bd');
INSERT INTO predictions VALUES(3,17,X'a3c9653dea88903dc65ff0bd');
INSERT INTO predictions VALUES(3,18,X'41b8c73d4d886b3df77821be');
INSERT INTO predictions VALUES(3,19,X'0b4093bc2441233ee16827be');
INSERT INTO predictions VALUES(3,20,X'73d5cfbbba7bb73d083be7bd');
INSERT INTO predictions VALUES(3,21,X'2899663de8efc43c8aded6bd');
INSERT INTO predictions VALUES(3,22,X'3e7ab1bc7f521c3e01ff1bbe');
INSERT INTO predictions VALUES(3,23,X'ebb7053d5a38943da8f5e2bd');
INSERT INTO predictions VALUES(3,24,X'e29fd63d807f993d84682abe');
INSERT INTO predictions VALUES(3,25,X'7cf007bcd69a2d3e6b711abe');
INSERT INTO predictions VALUES(3,26,X'b52304bd5830b93dec8dddbd');
INSERT INTO predictions VALUES(3,27,X'3261a83de18d863d38781dbe');
INSERT INTO predictions VALUES(3,28,X'065edcbc3c0f133e16d231be');
INSERT INTO predictions VALUES(3,29,X'afe589bb9f33ee3d5d9142be');
INSERT INTO predictions VALUES(3,30,X'8d86c83d003f1fbbd30835be');
INSERT INTO predictions VALUES(3,31,X'87738abd94ed123e9bcb0bbe');
INSERT INTO predictions VALUES(3,32,X'eceb52bdd120e23d9a66dfbd');
INSERT INTO predictions VALUES(3,33,X'96eb073c4c378b3d10b419be');
INSERT INTO predictions VALUES(3,34,X'a43f7abc5ed7823dbceb14be');
INSERT INTO predictions VALUES(3,35,X'67168d3d429d6e3d4266efbd');
INSERT INTO predictions VALUES(3,36,X'a0fc1cbca44ecc3d674c14be');
INSERT INTO predictions VALUES(3,37,X'd93c75bd4bbe2f3e43073cbe');
INSERT INTO predictions VALUES(3,38,X'62fc6cbc744cb63d2842e9bd');
INSERT INTO predictions VALUES(3,39,X'282fb83c5c93003e6aa624be');
INSERT INTO predictions VALUES(3,40,X'105e44bc507b223eb1ab3cbe');
INSERT INTO predictions VALUES(3,41,X'e34500bd1e1bff3d82bdefbd');
INSERT INTO predictions VALUES(3,42,X'86fd7c3dee26923d37b002be');
INSERT INTO predictions VALUES(3,43,X'7bcb94bc10e2013e2a65f9bd');
INSERT INTO predictions VALUES(3,44,X'36c1cdbcbe84bf3de25ae5bd');
INSERT INTO predictions VALUES(3,45,X'9f110e3d1410d23d6eb935be');
INSERT INTO predictions VALUES(3,46,X'63bc0dbda037ed3d109f0fbe');
INSERT INTO predictions VALUES(3,47,X'8bc44b3d2cbd5f3dca7693bd');
INSERT INTO predictions VALUES(3,48,X'12b9d43d7646923da47dbcbd');
INSERT INTO predictions VALUES(3,49,X'bf4347bdb15b343e03b019be');
INSERT INTO predictions VALUES(3,50,X'949f1fbc9e4dfc3d08d1fabd');
INSERT INTO predictions VALUES(3,51,X'f790a43df8f8603d4e0ad2bd');
INSERT INTO predictions VALUES(3,52,X'869209bdd832083e61a114be');
INSERT INTO predictions VALUES(3,53,X'b7191bbd78e5cf3d7c57f3bd');
INSERT INTO predictions VALUES(3,54,X'0daf9b3d5693b13dec2619be');
INSERT INTO predictions VALUES(3,55,X'509ab2399f91ec3dad011cbe');
INSERT INTO predictions VALUES(3,56,X'0912a5bd7f38d03d1c047ebd');
INSERT INTO predictions VALUES(3,57,X'f56f6c3d8e5f743d8200e2bd');
INSERT INTO predictions VALUES(3,58,X'61a885bdbc6c263ef73c25be');
INSERT INTO predictions VALUES(3,59,X'3b5792bd807ff43deb00b3bd');
INSERT INTO predictions VALUES(4,0,X'c8063d3d7fe15dbe209de43c');
INSERT INTO predictions VALUES(4,1,X'3894d43c18c70ebef477d4bc');
INSERT INTO predictions VALUES(4,2,X'aaf99c3db28fdfbe66a5113d');
INSERT INTO predictions VALUES(4,3,X'97040d3e42efe4befe7b04be');
INSERT INTO predictions VALUES(4,4,X'8a62c03da793a7bed8203cbc');
INSERT INTO predictions VALUES(4,5,X'c281ff3d8186bfbea8b143bd');
INSERT INTO predictions VALUES(4,6,X'7d64fa3daecf79bed6358abd');
INSERT INTO predictions VALUES(4,7,X'e51a083e9b058cbe0afdc6bd');
INSERT INTO predictions VALUES(4,8,X'68e68c3ac53c84be40f1b4bb');
INSERT INTO predictions VALUES(4,9,X'4f5d30bc628749be646d603d');
INSERT INTO predictions VALUES(4,10,X'9233ec3b614d56be9229733d');
INSERT INTO predictions VALUES(4,11,X'f029413de41764be903d4c3d');
INSERT INTO predictions VALUES(4,12,X'a1ec7f3eae20e8be94338fbd');
INSERT INTO predictions VALUES(4,13,X'f54f603c3fed6dbe40f9003d');
INSERT INTO predictions VALUES(4,14,X'2284ef3bf90fbcbe1631ff3c');
INSERT INTO predictions VALUES(4,15,X'0574ee3d585abcbe300e28bc');
INSERT INTO predictions VALUES(4,16,X'9ab1a8bc8cec27be405eb53c');
INSERT INTO predictions VALUES(4,17,X'cbf41ebdd115edbe80e5333c');
INSERT INTO predictions VALUES(4,18,X'4f09b83ddc0f83be4067eebc');
INSERT INTO predictions VALUES(4,19,X'd829e1ba49332bbe8a8cacbd');
INSERT INTO predictions VALUES(4,20,X'247dc6bddf9e94beededbd3d');
INSERT INTO predictions VALUES(4,21,X'9197003e7555c5beda72a5bd');
INSERT INTO predictions VALUES(4,22,X'53af353d2f1576beb45dd0bd');
INSERT INTO predictions VALUES(4,23,X'1c0d7cbb14d38dbee0efd3bc');
INSERT INTO predictions VALUES(4,24,X'5d9c323e385ab4bea081413c');
INSERT INTO predictions VALUES(4,25,X'd2120fbd559d42be40d0c1ba');
INSERT INTO predictions VALUES(4,26,X'f2b2043dc78690be4247963d');
INSERT INTO predictions VALUES(4,27,X'ad86aa3db32b9dbe6ed288bd');
INSERT INTO predictions VALUES(4,28,X'2ab1a73b22d61bbe00cad73b');
INSERT INTO predictions VALUES(4,29,X'0fd758bd335393bebd92d53d');
INSERT INTO predictions VALUES(4,30,X'df11803eaccedfbe1b372bbe');
INSERT INTO predictions VALUES(4,31,X'f07f383da71161bed4544abd');
INSERT INTO predictions VALUES(4,32,X'40e6ec3c58f795be908b803c');
INSERT INTO predictions VALUES(4,33,X'63074f3e4a2c96be7b7607be');
INSERT INTO predictions VALUES(4,34,X'15d32e3e1f2d32be76d6f1bd');
INSERT INTO predictions VALUES(4,35,X'655c23bde70cf6be6818a83d');
INSERT INTO predictions VALUES(4,36,X'3d3a493e3e808ebe2a05aabd');
INSERT INTO predictions VALUES(4,37,X'a095ac3dcf069ebe6218b3bd');
INSERT INTO predictions VALUES(4,38,X'760f203d85d976be70935e3c');
INSERT INTO predictions VALUES(4,39,X'ab42d43dde67b1be80ee353b');
INSERT INTO predictions VALUES(4,40,X'29cfde3dfaad0cbef628dfbd');
INSERT INTO predictions VALUES(4,41,X'36c5e7bb2f215dbec527493d');
INSERT INTO predictions VALUES(4,42,X'7d51423eb3bec4be246cc3bd');
INSERT INTO predictions VALUES(4,43,X'622bacbcc50204beb036a93c');
INSERT INTO predictions VALUES(4,44,X'9833d1bd7febb4be3689063e');
INSERT INTO predictions VALUES(4,45,X'07404a3e85b2aabe78a844bc');
INSERT INTO predictions VALUES(4,46,X'7bb3243d8203eebd2858e4bc');
INSERT INTO predictions VALUES(4,47,X'429f9ebd33a1e4bedcd4273e');
INSERT INTO predictions VALUES(4,48,X'24be283bc86c84be208694bc');
INSERT INTO predictions VALUES(4,49,X'1ea4be3c728c2bbe127fa6bd');
INSERT INTO predictions VALUES(4,50,X'05d1c53d3950adbec851dc3c');
INSERT INTO predictions VALUES(4,51,X'5130243da15e9cbe28d54cbc');
INSERT INTO predictions VALUES(4,52,X'cec1a43ced2123be00dcb9bc');
INSERT INTO predictions VALUES(4,53,X'ee09c0bca56867be424a883d');
INSERT INTO predictions VALUES(4,54,X'8af3493df88d46be70f6db3b');
INSERT INTO predictions VALUES(4,55,X'85d27b3c2a0225be78810ebc');
INSERT INTO predictions VALUES(4,56,X'ad3329bdae618bbe8ea6113e');
INSERT INTO predictions VALUES(4,57,X'acde983d2d2bc0be484b37bd');
INSERT INTO predictions VALUES(4,58,X'b455493bc3e32bbe6e7514bd');
INSERT INTO predictions VALUES(4,59,X'7e6df8bc87f761beaa631d3e');
INSERT INTO predictions VALUES(5,0,X'1ffdd3bd993778bd89f22ebe');
INSERT INTO predictions VALUES(5,1,X'682099bdc5440dbdc8a7ddbd');
INSERT INTO predictions VALUES(5,2,X'b6c9163d2ef3c5bd7a8041be');
INSERT INTO predictions VALUES(5,3,X'591ee93c59d74cbed75f2dbe');
INSERT INTO predictions VALUES(5,4,X'df0148bc60f321be57d004be');
INSERT INTO predictions VALUES(5,5,X'de2cacbbce168fbdd56d3abe');
INSERT INTO predictions VALUES(5,6,X'50e2ebbdccc8303c1a8d09be');
INSERT INTO predictions VALUES(5,7,X'0f7ac9bc9e4213be53a914be');
INSERT INTO predictions VALUES(5,8,X'4f7686bc5f9e16bd816824be');
INSERT INTO predictions VALUES(5,9,X'5224abbdf28780bc48d889bd');
INSERT INTO predictions VALUES(5,10,X'b660a5bdc9c31d3de7112cbe');
INSERT INTO predictions VALUES(5,11,X'442cdabdde80c8bd0d5626be');
INSERT INTO predictions VALUES(5,12,X'cd9311bea7e17dbd9df34bbe');
INSERT INTO predictions VALUES(5,13,X'faf37dbdfd72293d438d03be');
INSERT INTO predictions VALUES(5,14,X'ddb32ebe98417abef99176be');
INSERT INTO predictions VALUES(5,15,X'1ed5cbbb46a03abeaad929be');
INSERT INTO predictions VALUES(5,16,X'48b298bd0fe63dbd4e6c02be');
INSERT INTO predictions VALUES(5,17,X'74eb893d8c625fbe33d743be');
INSERT INTO predictions VALUES(5,18,X'340713bd2aeb1dbe63c074be');
INSERT INTO predictions VALUES(5,19,X'ce5b10be1d5132bd121e2bbe');
INSERT INTO predictions VALUES(5,20,X'20316ebd32df4bbe13d743be');
INSERT INTO predictions VALUES(5,21,X'3fd88dbcce0006beaedc0abe');
INSERT INTO predictions VALUES(5,22,X'5807acbd961d87bc91b306be');
INSERT INTO predictions VALUES(5,23,X'e7f3d2bcc42b30be438022be');
INSERT INTO predictions VALUES(5,24,X'36e3a6bd7d8723be33f23ebe');
INSERT INTO predictions VALUES(5,25,X'bb89bbbd81125bbdccb10dbe');
INSERT INTO predictions VALUES(5,26,X'166614bdc27edebd56ca05be');
INSERT INTO predictions VALUES(5,27,X'afe94dbc3aa54dbe95b67dbe');
INSERT INTO predictions VALUES(5,28,X'4a1b99bd78b791bd06c5f0bd');
INSERT INTO predictions VALUES(5,29,X'd006a0bdc07b24be749214be');
CREATE TABLE journal (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  incarnation INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  event TEXT NOT NULL,
  commands TEXT NOT NULL
) STRICT;
INSERT INTO journal VALUES(1,1795254701244,1,2,'{"event":"node_joined","at_ms":1795254701244,"node":1,"name":"vm","pool":"default","slots":[{"index":0,"kind":"cpu"},{"index":1,"kind":"cpu"}],"datasets":{"glyphs":"d8c861922b9a70be4033b6e1ca6ff50f007d3375f02cb39eccafa285384f5465"}}','[{"command":"persist_node","node":1,"name":"vm","pool":"default","state":"ONLINE","slots":2},{"command":"log_event","at_ms":1795254701244,"kind":"node_joined","subject":"node 1","detail":"vm with 2 slots in pool default"},{"command":"set_desired","node":1,"allocations":[]}]');
INSERT INTO journal VALUES(2,1795254701249,1,2,'{"event":"node_reported","at_ms":1795254701249,"node":1,"allocations":[]}','[]');
INSERT INTO journal VALUES(3,1795254701271,1,2,'{"event":"experiment_submitted","at_ms":1795254701271,"experiment":1,"canonical":{"name":"golden","description":"","labels":[],"data":{"dataset":"glyphs","root":"","options":{"train":200,"test":60,"seed":0,"classes":3},"splits":{"validation":0.1},"classes":[],"augment":{"rotate":0.0,"shift":0.0,"zoom":0.0,"shear":0.0,"erase":0.0,"erase_area":0.1},"normalize":"scale","split_seed":0},"model":{"layers":[{"conv":{"out":4,"kernel":3}},"relu",{"max_pool":4},"flatten",{"linear":"classes"}]},"training":{"epochs":2,"batch_size":32,"optimizer":{"name":"adam","lr":0.001,"betas":[0.9,0.999],"eps":1e-08,"weight_decay":0.0,"momentum":0.0,"nesterov":false},"schedule":{"name":"constant","every":{"epochs":1},"gamma":0.1,"milestones":[],"min_lr":0.0,"cycles":1,"end_factor":0.0,"start_fraction":0.3,"div_factor":25.0,"final_div_factor":10000.0,"factor":0.1,"patience":10,"min_delta":1e-04,"warmup":{"epochs":0.0,"factor":0.01}},"gradient":{"accumulate":1},"freeze":[],"loss":{"name":"cross_entropy","label_smoothing":0.0},"precision":"fp32","on_nan":"stop"},"hyperparameters":{"training.optimizer.lr":{"type":"categorical","vals":[0.001,0.01]}},"searcher":{"name":"grid","metric":"validation_accuracy","smaller_is_better":false,"max_trials":1,"max_concurrent_trials":16,"time_metric":"epochs"},"replicates":2,"ensemble":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"evaluation":{"splits":["test"],"predictions":"best","curves":true},"resources":{"slots_per_trial":1,"priority":42,"weight":1.0,"resource_pool":"default","is_single_node":false},"checkpoint_storage":{"type":"coordinator","host_path":"","save_experiment_best":0,"save_trial_best":1,"save_trial_latest":1},"checkpoint_policy":"best","min_validation_period":{"epochs":1},"min_checkpoint_period":{"epochs":0},"max_restarts":5,"reproducibility":{"experiment_seed":0,"deterministic":false}}}','[{"command":"persist_experiment","experiment":1,"name":"golden","state":"ACTIVE","metric":"validation_accuracy","smaller_is_better":false,"best_value":null,"created_at_ms":1795254701271,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"QUEUED","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"QUEUED","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"QUEUED","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"QUEUED","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":1,"trial":1,"allocation":1,"fence":1,"state":"ASSIGNED","resumed_from":0,"started_at_ms":0,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_attempt","attempt":2,"trial":2,"allocation":2,"fence":1,"state":"ASSIGNED","resumed_from":0,"started_at_ms":0,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_ensemble","ensemble":1,"experiment":1,"configuration_no":1,"name":"golden, configuration 1","combine":"mean_probability","state":"FORMING","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":0,"members":[],"left_out":[]},{"command":"persist_ensemble","ensemble":2,"experiment":1,"configuration_no":2,"name":"golden, configuration 2","combine":"mean_probability","state":"FORMING","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":0,"members":[],"left_out":[]},{"command":"log_event","at_ms":1795254701271,"kind":"experiment_submitted","subject":"experiment 1","detail":"golden"},{"command":"log_event","at_ms":1795254701271,"kind":"trial_created","subject":"trial 1.1","detail":"{\"training.optimizer.lr\":0.001}"},{"command":"log_event","at_ms":1795254701271,"kind":"trial_created","subject":"trial 1.2","detail":"{\"training.optimizer.lr\":0.001}"},{"command":"log_event","at_ms":1795254701271,"kind":"trial_created","subject":"trial 1.3","detail":"{\"training.optimizer.lr\":0.01}"},{"command":"log_event","at_ms":1795254701271,"kind":"trial_created","subject":"trial 1.4","detail":"{\"training.optimizer.lr\":0.01}"},{"command":"log_event","at_ms":1795254701271,"kind":"searcher_closed","subject":"experiment 1","detail":"2 configurations"},{"command":"log_event","at_ms":1795254701271,"kind":"placed","subject":"trial 1.1","detail":"attempt 1 on gang 1 of node 1"},{"command":"log_event","at_ms":1795254701271,"kind":"placed","subject":"trial 1.2","detail":"attempt 2 on gang 2 of node 1"},{"command":"set_desired","node":1,"allocations":[{"allocation":1,"slots":[0],"world_size":1,"attempts":[{"attempt":1,"experiment":1,"trial":1,"trial_no":1,"fence":1,"seed":4713354149192560,"config_sha256":"6e300e8776a853368d5d72416d3c8c334efc8959db7be466a5cda54fdd235da6","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]},{"allocation":2,"slots":[1],"world_size":1,"attempts":[{"attempt":2,"experiment":1,"trial":2,"trial_no":2,"fence":1,"seed":5677530527275929,"config_sha256":"6e300e8776a853368d5d72416d3c8c334efc8959db7be466a5cda54fdd235da6","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]}]}]');
INSERT INTO journal VALUES(4,1795254701274,1,2,'{"event":"node_reported","at_ms":1795254701274,"node":1,"allocations":[{"allocation":1,"state":"starting","message":""},{"allocation":2,"state":"starting","message":""}]}','[]');
INSERT INTO journal VALUES(5,1795254701686,1,2,'{"event":"node_reported","at_ms":1795254701686,"node":1,"allocations":[{"allocation":1,"state":"ready","message":""},{"allocation":2,"state":"starting","message":""}]}','[]');
INSERT INTO journal VALUES(6,1795254701705,1,2,'{"event":"attempt_started","at_ms":1795254701705,"attempt":1,"parameters":475}','[{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"RUNNING","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701705,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":1,"trial":1,"allocation":1,"fence":1,"state":"RUNNING","resumed_from":0,"started_at_ms":1795254701705,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"}]');
INSERT INTO journal VALUES(7,1795254701710,1,2,'{"event":"node_reported","at_ms":1795254701710,"node":1,"allocations":[{"allocation":1,"state":"ready","message":""},{"allocation":2,"state":"ready","message":""}]}','[]');
INSERT INTO journal VALUES(8,1795254701725,1,2,'{"event":"attempt_started","at_ms":1795254701725,"attempt":2,"parameters":475}','[{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"RUNNING","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701725,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":2,"trial":2,"allocation":2,"fence":1,"state":"RUNNING","resumed_from":0,"started_at_ms":1795254701725,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"}]');
INSERT INTO journal VALUES(9,1795254701772,1,2,'{"event":"metric_reported","at_ms":1795254701772,"attempt":1,"epoch":1,"step":6,"metrics":{"train_accuracy":0.29444444444444445,"train_loss":1.1049079789055718,"validation_accuracy":0.35,"validation_brier":0.6552571876328425,"validation_ece":0.002910616381406861,"validation_loss":1.0816482050850134,"validation_macro_ap":0.6060797046091163,"validation_macro_auc":0.7124542124542125,"validation_macro_f1":0.1794871794871795,"validation_macro_precision":0.12280701754385964,"validation_macro_recall":0.3333333333333333,"validation_micro_ap":0.5388000447893149,"validation_micro_auc":0.6325}}','[{"command":"persist_experiment","experiment":1,"name":"golden","state":"ACTIVE","metric":"validation_accuracy","smaller_is_better":false,"best_value":0.35,"created_at_ms":1795254701271,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"RUNNING","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.35,"last_value":0.35,"best_epoch":1,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701705,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(10,1795254701788,1,2,'{"event":"metric_reported","at_ms":1795254701788,"attempt":2,"epoch":1,"step":6,"metrics":{"train_accuracy":0.43333333333333335,"train_loss":1.089822483062744,"validation_accuracy":0.5,"validation_brier":0.6628864125613626,"validation_ece":0.14747230337620384,"validation_loss":1.0932398398443415,"validation_macro_ap":0.43093703293283125,"validation_macro_auc":0.5595238095238095,"validation_macro_f1":0.3904761904761904,"validation_macro_precision":0.34432234432234426,"validation_macro_recall":0.4761904761904761,"validation_micro_ap":0.44949569106225906,"validation_micro_auc":0.5925}}','[{"command":"persist_experiment","experiment":1,"name":"golden","state":"ACTIVE","metric":"validation_accuracy","smaller_is_better":false,"best_value":0.5,"created_at_ms":1795254701271,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"RUNNING","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.5,"last_value":0.5,"best_epoch":1,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701725,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(11,1795254701797,1,2,'{"event":"checkpoint_committed","at_ms":1795254701797,"attempt":1,"checkpoint":1,"name":"1/1/1-step-6","sha256":"f9c519af35c655f7b99ec905e181286040cc3e0a0e016c8242eaf4d01849ebb8","epoch":1,"step":6,"bytes":7991,"metric":0.35}','[{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"RUNNING","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.35,"last_value":0.35,"best_epoch":1,"best_checkpoint":1,"last_checkpoint":1,"started_at_ms":1795254701705,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":1,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(12,1795254701797,1,2,'{"event":"checkpoint_committed","at_ms":1795254701797,"attempt":2,"checkpoint":2,"name":"1/2/2-step-6","sha256":"7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414","epoch":1,"step":6,"bytes":7990,"metric":0.5}','[{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"RUNNING","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.5,"last_value":0.5,"best_epoch":1,"best_checkpoint":2,"last_checkpoint":2,"started_at_ms":1795254701725,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":2,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(13,1795254701805,1,2,'{"event":"metric_reported","at_ms":1795254701805,"attempt":2,"epoch":2,"step":12,"metrics":{"train_accuracy":0.4111111111111111,"train_loss":1.0777290344238282,"validation_accuracy":0.35,"validation_brier":0.658515418716626,"validation_ece":0.029139882120843806,"validation_loss":1.0860984702486485,"validation_macro_ap":0.4992552621588447,"validation_macro_auc":0.6462148962148963,"validation_macro_f1":0.18666666666666668,"validation_macro_precision":0.12962962962962962,"validation_macro_recall":0.3333333333333333,"validation_micro_ap":0.4335372269294072,"validation_micro_auc":0.56875}}','[{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"RUNNING","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.5,"last_value":0.35,"best_epoch":1,"best_checkpoint":2,"last_checkpoint":2,"started_at_ms":1795254701725,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(14,1795254701812,1,2,'{"event":"metric_reported","at_ms":1795254701812,"attempt":1,"epoch":2,"step":12,"metrics":{"train_accuracy":0.3611111111111111,"train_loss":1.0896927939520942,"validation_accuracy":0.35,"validation_brier":0.6504034235399004,"validation_ece":0.007897375801119554,"validation_loss":1.0741402921094017,"validation_macro_ap":0.6942219817219817,"validation_macro_auc":0.7728937728937728,"validation_macro_f1":0.1794871794871795,"validation_macro_precision":0.12280701754385964,"validation_macro_recall":0.3333333333333333,"validation_micro_ap":0.5578960647038962,"validation_micro_auc":0.65375}}','[{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"RUNNING","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.35,"last_value":0.35,"best_epoch":1,"best_checkpoint":1,"last_checkpoint":1,"started_at_ms":1795254701705,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(15,1795254701825,1,2,'{"event":"checkpoint_committed","at_ms":1795254701825,"attempt":1,"checkpoint":3,"name":"1/1/1-step-12","sha256":"233d642ffe632f3f3ca1a83a7097c63064f3ae272d6d7d3c3fc938d02f65e933","epoch":2,"step":12,"bytes":8069,"metric":null}','[{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"RUNNING","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.35,"last_value":0.35,"best_epoch":1,"best_checkpoint":1,"last_checkpoint":3,"started_at_ms":1795254701705,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":3,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(16,1795254701826,1,2,'{"event":"checkpoint_committed","at_ms":1795254701826,"attempt":2,"checkpoint":4,"name":"1/2/2-step-12","sha256":"9635ad671f9ae1d0c008940366870385d113472e984802b3a2622ae2d49c2db7","epoch":2,"step":12,"bytes":8068,"metric":null}','[{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"RUNNING","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.5,"last_value":0.35,"best_epoch":1,"best_checkpoint":2,"last_checkpoint":4,"started_at_ms":1795254701725,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":4,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(17,1795254701828,1,2,'{"event":"attempt_exited","at_ms":1795254701828,"attempt":2,"outcome":"completed","failure":"","message":""}','[{"command":"persist_trial","trial":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"COMPLETED","seed":5677530527275929,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.5,"last_value":0.35,"best_epoch":1,"best_checkpoint":2,"last_checkpoint":4,"started_at_ms":1795254701725,"ended_at_ms":1795254701828,"message":""},{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"QUEUED","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":2,"trial":2,"allocation":2,"fence":1,"state":"COMPLETED","resumed_from":0,"started_at_ms":1795254701725,"ended_at_ms":1795254701828,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_attempt","attempt":3,"trial":3,"allocation":2,"fence":1,"state":"ASSIGNED","resumed_from":0,"started_at_ms":0,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"},{"command":"log_event","at_ms":1795254701828,"kind":"trial_ended","subject":"trial 1.2","detail":"COMPLETED"},{"command":"log_event","at_ms":1795254701828,"kind":"placed","subject":"trial 1.3","detail":"attempt 3 on gang 2 of node 1"},{"command":"set_desired","node":1,"allocations":[{"allocation":1,"slots":[0],"world_size":1,"attempts":[{"attempt":1,"experiment":1,"trial":1,"trial_no":1,"fence":1,"seed":4713354149192560,"config_sha256":"6e300e8776a853368d5d72416d3c8c334efc8959db7be466a5cda54fdd235da6","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]},{"allocation":2,"slots":[1],"world_size":1,"attempts":[{"attempt":3,"experiment":1,"trial":3,"trial_no":3,"fence":1,"seed":2289526369144504,"config_sha256":"6a25e7ccba17846af6fa13300ee374c4ae556896c9ff1b8e172ab977c2dc01db","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]}]}]');
INSERT INTO journal VALUES(18,1795254701836,1,2,'{"event":"attempt_exited","at_ms":1795254701836,"attempt":1,"outcome":"completed","failure":"","message":""}','[{"command":"persist_trial","trial":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"COMPLETED","seed":4713354149192560,"hparams":{"training.optimizer.lr":0.001},"parameters":475,"restarts":0,"best_value":0.35,"last_value":0.35,"best_epoch":1,"best_checkpoint":1,"last_checkpoint":3,"started_at_ms":1795254701705,"ended_at_ms":1795254701836,"message":""},{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"QUEUED","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":0,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":0,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":1,"trial":1,"allocation":1,"fence":1,"state":"COMPLETED","resumed_from":0,"started_at_ms":1795254701705,"ended_at_ms":1795254701836,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_attempt","attempt":4,"trial":4,"allocation":1,"fence":1,"state":"ASSIGNED","resumed_from":0,"started_at_ms":0,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_ensemble","ensemble":1,"experiment":1,"configuration_no":1,"name":"golden, configuration 1","combine":"mean_probability","state":"EVALUATING","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":0,"members":[{"position":0,"trial":1,"checkpoint_name":""},{"position":1,"trial":2,"checkpoint_name":""}],"left_out":[]},{"command":"log_event","at_ms":1795254701836,"kind":"trial_ended","subject":"trial 1.1","detail":"COMPLETED"},{"command":"log_event","at_ms":1795254701836,"kind":"ensemble_state","subject":"ensemble 1","detail":"EVALUATING"},{"command":"log_event","at_ms":1795254701836,"kind":"placed","subject":"trial 1.4","detail":"attempt 4 on gang 1 of node 1"},{"command":"set_desired","node":1,"allocations":[{"allocation":1,"slots":[0],"world_size":1,"attempts":[{"attempt":4,"experiment":1,"trial":4,"trial_no":4,"fence":1,"seed":6816850451271357,"config_sha256":"6a25e7ccba17846af6fa13300ee374c4ae556896c9ff1b8e172ab977c2dc01db","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]},{"allocation":2,"slots":[1],"world_size":1,"attempts":[{"attempt":3,"experiment":1,"trial":3,"trial_no":3,"fence":1,"seed":2289526369144504,"config_sha256":"6a25e7ccba17846af6fa13300ee374c4ae556896c9ff1b8e172ab977c2dc01db","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]}]},{"command":"evaluate_ensemble","ensemble":1,"spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"members":[{"trial":1,"checkpoint_name":""},{"trial":2,"checkpoint_name":""}]}]');
INSERT INTO journal VALUES(19,1795254701836,1,2,'{"event":"attempt_started","at_ms":1795254701836,"attempt":3,"parameters":475}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"RUNNING","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701836,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":3,"trial":3,"allocation":2,"fence":1,"state":"RUNNING","resumed_from":0,"started_at_ms":1795254701836,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"}]');
INSERT INTO journal VALUES(20,1795254701836,1,2,'{"event":"metric_reported","at_ms":1795254701836,"attempt":3,"epoch":1,"step":6,"metrics":{"train_accuracy":0.3055555555555556,"train_loss":1.1221305847167968,"validation_accuracy":0.3,"validation_brier":0.6670959759712598,"validation_ece":0.06738722228253509,"validation_loss":1.099334500847619,"validation_macro_ap":0.6679083100135732,"validation_macro_auc":0.7161172161172161,"validation_macro_f1":0.15384615384615385,"validation_macro_precision":0.09999999999999999,"validation_macro_recall":0.3333333333333333,"validation_micro_ap":0.4566920072874012,"validation_micro_auc":0.54625}}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"RUNNING","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.3,"last_value":0.3,"best_epoch":1,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701836,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(21,1795254701840,1,2,'{"event":"attempt_started","at_ms":1795254701840,"attempt":4,"parameters":475}','[{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"RUNNING","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":null,"last_value":null,"best_epoch":0,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701840,"ended_at_ms":0,"message":""},{"command":"persist_attempt","attempt":4,"trial":4,"allocation":1,"fence":1,"state":"RUNNING","resumed_from":0,"started_at_ms":1795254701840,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"train"}]');
INSERT INTO journal VALUES(22,1795254701841,1,2,'{"event":"ensemble_evaluated","at_ms":1795254701841,"ensemble":1,"ok":true,"message":"","members":[{"trial":1,"checkpoint_name":""},{"trial":2,"checkpoint_name":""}]}','[{"command":"persist_ensemble","ensemble":1,"experiment":1,"configuration_no":1,"name":"golden, configuration 1","combine":"mean_probability","state":"COMPLETED","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":1795254701841,"members":[{"position":0,"trial":1,"checkpoint_name":""},{"position":1,"trial":2,"checkpoint_name":""}],"left_out":[]},{"command":"log_event","at_ms":1795254701841,"kind":"ensemble_state","subject":"ensemble 1","detail":"COMPLETED"}]');
INSERT INTO journal VALUES(23,1795254701853,1,2,'{"event":"metric_reported","at_ms":1795254701853,"attempt":4,"epoch":1,"step":6,"metrics":{"train_accuracy":0.3277777777777778,"train_loss":1.095601314968533,"validation_accuracy":0.55,"validation_brier":0.6366600036420634,"validation_ece":0.16694063272694723,"validation_loss":1.053816779531598,"validation_macro_ap":0.8861987219130077,"validation_macro_auc":0.9297924297924297,"validation_macro_f1":0.43846153846153846,"validation_macro_precision":0.36996336996337,"validation_macro_recall":0.5555555555555555,"validation_micro_ap":0.6123450035343018,"validation_micro_auc":0.70875}}','[{"command":"persist_experiment","experiment":1,"name":"golden","state":"ACTIVE","metric":"validation_accuracy","smaller_is_better":false,"best_value":0.55,"created_at_ms":1795254701271,"ended_at_ms":0,"message":""},{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"RUNNING","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.55,"last_value":0.55,"best_epoch":1,"best_checkpoint":0,"last_checkpoint":0,"started_at_ms":1795254701840,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(24,1795254701860,1,2,'{"event":"checkpoint_committed","at_ms":1795254701860,"attempt":3,"checkpoint":5,"name":"1/3/3-step-6","sha256":"ef7576c4b7adf7197ccf3f9794b115a9fb29e235728bc7036f441257d0a01129","epoch":1,"step":6,"bytes":7990,"metric":0.3}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"RUNNING","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.3,"last_value":0.3,"best_epoch":1,"best_checkpoint":5,"last_checkpoint":5,"started_at_ms":1795254701836,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":5,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(25,1795254701888,1,2,'{"event":"checkpoint_committed","at_ms":1795254701888,"attempt":4,"checkpoint":6,"name":"1/4/4-step-6","sha256":"2cf16fcd28299d8f47ade1414c4ceabb7f3796facd7d85dcd7dcadaaabf8ec15","epoch":1,"step":6,"bytes":7991,"metric":0.55}','[{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"RUNNING","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.55,"last_value":0.55,"best_epoch":1,"best_checkpoint":6,"last_checkpoint":6,"started_at_ms":1795254701840,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":6,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(26,1795254701896,1,2,'{"event":"metric_reported","at_ms":1795254701896,"attempt":3,"epoch":2,"step":12,"metrics":{"train_accuracy":0.3388888888888889,"train_loss":1.084631994035509,"validation_accuracy":0.4,"validation_brier":0.6478159374648425,"validation_ece":0.030782501219677717,"validation_loss":1.0703965921291065,"validation_macro_ap":0.7686035525321239,"validation_macro_auc":0.851037851037851,"validation_macro_f1":0.26282051282051283,"validation_macro_precision":0.456140350877193,"validation_macro_recall":0.38095238095238093,"validation_micro_ap":0.5167630324321422,"validation_micro_auc":0.65}}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"RUNNING","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.4,"last_value":0.4,"best_epoch":2,"best_checkpoint":5,"last_checkpoint":5,"started_at_ms":1795254701836,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(27,1795254701898,1,2,'{"event":"metric_reported","at_ms":1795254701898,"attempt":4,"epoch":2,"step":12,"metrics":{"train_accuracy":0.39444444444444443,"train_loss":1.0125366422865125,"validation_accuracy":0.5,"validation_brier":0.5763665922674521,"validation_ece":0.09765059260341627,"validation_loss":0.9579653427215746,"validation_macro_ap":0.8878169449598022,"validation_macro_auc":0.9377289377289376,"validation_macro_f1":0.4444444444444445,"validation_macro_precision":0.8039215686274509,"validation_macro_recall":0.49206349206349204,"validation_micro_ap":0.5937635886335615,"validation_micro_auc":0.75125}}','[{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"RUNNING","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.55,"last_value":0.5,"best_epoch":1,"best_checkpoint":6,"last_checkpoint":6,"started_at_ms":1795254701840,"ended_at_ms":0,"message":""}]');
INSERT INTO journal VALUES(28,1795254701919,1,2,'{"event":"checkpoint_committed","at_ms":1795254701919,"attempt":3,"checkpoint":7,"name":"1/3/3-step-12","sha256":"96be7a6e01c0e1739e1ff82c75e6ac67eae90c517d766101516f2743e2b4cf63","epoch":2,"step":12,"bytes":7993,"metric":0.4}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"RUNNING","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.4,"last_value":0.4,"best_epoch":2,"best_checkpoint":7,"last_checkpoint":7,"started_at_ms":1795254701836,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":7,"state":"COMMITTED"},{"command":"persist_checkpoint_state","checkpoint":5,"state":"DELETING"},{"command":"delete_checkpoint","checkpoint":5,"name":"1/3/3-step-6"}]');
INSERT INTO journal VALUES(29,1795254701920,1,2,'{"event":"attempt_exited","at_ms":1795254701920,"attempt":3,"outcome":"completed","failure":"","message":""}','[{"command":"persist_trial","trial":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"COMPLETED","seed":2289526369144504,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.4,"last_value":0.4,"best_epoch":2,"best_checkpoint":7,"last_checkpoint":7,"started_at_ms":1795254701836,"ended_at_ms":1795254701920,"message":""},{"command":"persist_attempt","attempt":3,"trial":3,"allocation":2,"fence":1,"state":"COMPLETED","resumed_from":0,"started_at_ms":1795254701836,"ended_at_ms":1795254701920,"slots":1,"failure":"","message":"","kind":"train"},{"command":"log_event","at_ms":1795254701920,"kind":"trial_ended","subject":"trial 1.3","detail":"COMPLETED"},{"command":"set_desired","node":1,"allocations":[{"allocation":1,"slots":[0],"world_size":1,"attempts":[{"attempt":4,"experiment":1,"trial":4,"trial_no":4,"fence":1,"seed":6816850451271357,"config_sha256":"6a25e7ccba17846af6fa13300ee374c4ae556896c9ff1b8e172ab977c2dc01db","resume_from":"","resume_sha256":"","weights_from":"","weights_sha256":"","task_id":0,"task_sha256":"","stop":"run"}]},{"allocation":2,"slots":[1],"world_size":1,"attempts":[]}]}]');
INSERT INTO journal VALUES(30,1795254701931,1,2,'{"event":"checkpoint_committed","at_ms":1795254701931,"attempt":4,"checkpoint":8,"name":"1/4/4-step-12","sha256":"18cf5c4437cc6a704d7b845d73fe20c25283e14f72381c43d9ea5de58d84ec29","epoch":2,"step":12,"bytes":8069,"metric":null}','[{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"RUNNING","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.55,"last_value":0.5,"best_epoch":1,"best_checkpoint":6,"last_checkpoint":8,"started_at_ms":1795254701840,"ended_at_ms":0,"message":""},{"command":"persist_checkpoint_state","checkpoint":8,"state":"COMMITTED"}]');
INSERT INTO journal VALUES(31,1795254701932,1,2,'{"event":"attempt_exited","at_ms":1795254701932,"attempt":4,"outcome":"completed","failure":"","message":""}','[{"command":"persist_trial","trial":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"COMPLETED","seed":6816850451271357,"hparams":{"training.optimizer.lr":0.01},"parameters":475,"restarts":0,"best_value":0.55,"last_value":0.5,"best_epoch":1,"best_checkpoint":6,"last_checkpoint":8,"started_at_ms":1795254701840,"ended_at_ms":1795254701932,"message":""},{"command":"persist_attempt","attempt":4,"trial":4,"allocation":1,"fence":1,"state":"COMPLETED","resumed_from":0,"started_at_ms":1795254701840,"ended_at_ms":1795254701932,"slots":1,"failure":"","message":"","kind":"train"},{"command":"persist_ensemble","ensemble":2,"experiment":1,"configuration_no":2,"name":"golden, configuration 2","combine":"mean_probability","state":"EVALUATING","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":0,"members":[{"position":0,"trial":3,"checkpoint_name":""},{"position":1,"trial":4,"checkpoint_name":""}],"left_out":[]},{"command":"log_event","at_ms":1795254701932,"kind":"trial_ended","subject":"trial 1.4","detail":"COMPLETED"},{"command":"log_event","at_ms":1795254701932,"kind":"ensemble_state","subject":"ensemble 2","detail":"EVALUATING"},{"command":"set_desired","node":1,"allocations":[{"allocation":1,"slots":[0],"world_size":1,"attempts":[]},{"allocation":2,"slots":[1],"world_size":1,"attempts":[]}]},{"command":"evaluate_ensemble","ensemble":2,"spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"members":[{"trial":3,"checkpoint_name":""},{"trial":4,"checkpoint_name":""}]}]');
INSERT INTO journal VALUES(32,1795254701947,1,2,'{"event":"ensemble_evaluated","at_ms":1795254701947,"ensemble":2,"ok":true,"message":"","members":[{"trial":3,"checkpoint_name":""},{"trial":4,"checkpoint_name":""}]}','[{"command":"persist_experiment","experiment":1,"name":"golden","state":"COMPLETED","metric":"validation_accuracy","smaller_is_better":false,"best_value":0.55,"created_at_ms":1795254701271,"ended_at_ms":1795254701947,"message":""},{"command":"persist_ensemble","ensemble":2,"experiment":1,"configuration_no":2,"name":"golden, configuration 2","combine":"mean_probability","state":"COMPLETED","min_members":2,"message":"","created_at_ms":1795254701271,"ended_at_ms":1795254701947,"members":[{"position":0,"trial":3,"checkpoint_name":""},{"position":1,"trial":4,"checkpoint_name":""}],"left_out":[]},{"command":"log_event","at_ms":1795254701947,"kind":"ensemble_state","subject":"ensemble 2","detail":"COMPLETED"},{"command":"log_event","at_ms":1795254701947,"kind":"experiment_state","subject":"experiment 1","detail":"COMPLETED"},{"command":"experiment_ended","experiment":1}]');
INSERT INTO journal VALUES(33,1795254702613,1,2,'{"event":"node_reported","at_ms":1795254702613,"node":1,"allocations":[{"allocation":1,"state":"stopping","message":"its allocation was released"},{"allocation":2,"state":"stopping","message":"its allocation was released"}]}','[{"command":"set_desired","node":1,"allocations":[]}]');
INSERT INTO journal VALUES(34,1795254721928,2,2,'{"event":"node_unreachable","at_ms":1795254721928,"node":1}','[{"command":"persist_node","node":1,"name":"vm","pool":"default","state":"UNREACHABLE","slots":2},{"command":"log_event","at_ms":1795254721928,"kind":"node_unreachable","subject":"node 1","detail":"vm"}]');
INSERT INTO journal VALUES(35,1795254722006,2,2,'{"event":"node_joined","at_ms":1795254722006,"node":1,"name":"vm","pool":"default","slots":[{"index":0,"kind":"cpu"},{"index":1,"kind":"cpu"}],"datasets":{"glyphs":"d8c861922b9a70be4033b6e1ca6ff50f007d3375f02cb39eccafa285384f5465"}}','[{"command":"persist_node","node":1,"name":"vm","pool":"default","state":"ONLINE","slots":2},{"command":"log_event","at_ms":1795254722006,"kind":"node_rejoined","subject":"node 1","detail":"vm with 2 slots in pool default"}]');
INSERT INTO journal VALUES(36,1795254722008,2,2,'{"event":"node_reported","at_ms":1795254722008,"node":1,"allocations":[]}','[{"command":"set_desired","node":1,"allocations":[]}]');
INSERT INTO journal VALUES(37,1795254722116,2,2,'{"event":"task_requested","at_ms":1795254722116,"task":1,"trial":2,"checkpoint_name":"1/2/2-step-6","checkpoint_sha256":"7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414","config":"{\"name\":\"golden\",\"description\":\"\",\"labels\":[],\"data\":{\"dataset\":\"glyphs\",\"root\":\"\",\"options\":{\"train\":200,\"test\":30,\"seed\":0,\"classes\":3},\"splits\":{\"validation\":0.1},\"classes\":[],\"augment\":{\"rotate\":0.0,\"shift\":0.0,\"zoom\":0.0,\"shear\":0.0,\"erase\":0.0,\"erase_area\":0.1},\"normalize\":\"scale\",\"split_seed\":0},\"model\":{\"layers\":[{\"conv\":{\"out\":4,\"kernel\":3}},\"relu\",{\"max_pool\":4},\"flatten\",{\"linear\":\"classes\"}]},\"training\":{\"epochs\":2,\"batch_size\":32,\"optimizer\":{\"name\":\"adam\",\"lr\":0.001,\"betas\":[0.9,0.999],\"eps\":1e-08,\"weight_decay\":0.0,\"momentum\":0.0,\"nesterov\":false},\"schedule\":{\"name\":\"constant\",\"every\":{\"epochs\":1},\"gamma\":0.1,\"milestones\":[],\"min_lr\":0.0,\"cycles\":1,\"end_factor\":0.0,\"start_fraction\":0.3,\"div_factor\":25.0,\"final_div_factor\":10000.0,\"factor\":0.1,\"patience\":10,\"min_delta\":1e-04,\"warmup\":{\"epochs\":0.0,\"factor\":0.01}},\"gradient\":{\"accumulate\":1},\"freeze\":[],\"loss\":{\"name\":\"cross_entropy\",\"label_smoothing\":0.0},\"precision\":\"fp32\",\"on_nan\":\"stop\"},\"hyperparameters\":{\"training.optimizer.lr\":{\"type\":\"categorical\",\"vals\":[0.001,0.01]}},\"searcher\":{\"name\":\"grid\",\"metric\":\"validation_accuracy\",\"smaller_is_better\":false,\"max_trials\":1,\"max_concurrent_trials\":16,\"time_metric\":\"epochs\"},\"replicates\":2,\"ensemble\":{\"members\":{\"replicates\":2},\"combine\":\"mean_probability\",\"weights\":[],\"min_members\":2},\"evaluation\":{\"splits\":[\"test\"],\"predictions\":\"best\",\"curves\":true},\"resources\":{\"slots_per_trial\":1,\"priority\":42,\"weight\":1.0,\"resource_pool\":\"default\",\"is_single_node\":false},\"checkpoint_storage\":{\"type\":\"coordinator\",\"host_path\":\"\",\"save_experiment_best\":0,\"save_trial_best\":1,\"save_trial_latest\":1},\"checkpoint_policy\":\"best\",\"min_validation_period\":{\"epochs\":1},\"min_checkpoint_period\":{\"epochs\":0},\"max_restarts\":5,\"reproducibility\":{\"experiment_seed\":0,\"deterministic\":false}}","work":{"kind":"evaluate","splits":["test"]}}','[{"command":"persist_attempt","attempt":5,"trial":2,"allocation":3,"fence":2,"state":"ASSIGNED","resumed_from":0,"started_at_ms":0,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"evaluate"},{"command":"log_event","at_ms":1795254722116,"kind":"task_requested","subject":"task 1","detail":"trial 1.2, checkpoint 1/2/2-step-6"},{"command":"log_event","at_ms":1795254722116,"kind":"placed","subject":"task 1","detail":"attempt 5 on gang 3 of node 1"},{"command":"set_desired","node":1,"allocations":[{"allocation":3,"slots":[0],"world_size":1,"attempts":[{"attempt":5,"experiment":1,"trial":2,"trial_no":2,"fence":2,"seed":5677530527275929,"config_sha256":"fbe18d43cbbbf532891c818d7fc01c8e5fd941e73253337373539f47a335f094","resume_from":"","resume_sha256":"","weights_from":"1/2/2-step-6","weights_sha256":"7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414","task_id":1,"task_sha256":"757595bdfb50e99893521ed8cd70741b742bfbf6958a16f4e36fcc794d3a4355","stop":"run"}]}]}]');
INSERT INTO journal VALUES(38,1795254722145,2,2,'{"event":"node_reported","at_ms":1795254722145,"node":1,"allocations":[{"allocation":3,"state":"starting","message":""}]}','[]');
INSERT INTO journal VALUES(39,1795254722530,2,2,'{"event":"node_reported","at_ms":1795254722530,"node":1,"allocations":[{"allocation":3,"state":"ready","message":""}]}','[]');
INSERT INTO journal VALUES(40,1795254722536,2,2,'{"event":"attempt_started","at_ms":1795254722536,"attempt":5,"parameters":475}','[{"command":"persist_attempt","attempt":5,"trial":2,"allocation":3,"fence":2,"state":"RUNNING","resumed_from":0,"started_at_ms":1795254722536,"ended_at_ms":0,"slots":1,"failure":"","message":"","kind":"evaluate"}]');
INSERT INTO journal VALUES(41,1795254722561,2,2,'{"event":"attempt_exited","at_ms":1795254722561,"attempt":5,"outcome":"completed","failure":"","message":""}','[{"command":"persist_attempt","attempt":5,"trial":2,"allocation":3,"fence":2,"state":"COMPLETED","resumed_from":0,"started_at_ms":1795254722536,"ended_at_ms":1795254722561,"slots":1,"failure":"","message":"","kind":"evaluate"},{"command":"log_event","at_ms":1795254722561,"kind":"task_ended","subject":"task 1","detail":"ok"},{"command":"set_desired","node":1,"allocations":[{"allocation":3,"slots":[0],"world_size":1,"attempts":[]}]},{"command":"task_ended","task":1,"ok":true,"message":""}]');
INSERT INTO journal VALUES(42,1795254722589,2,2,'{"event":"node_reported","at_ms":1795254722589,"node":1,"allocations":[{"allocation":3,"state":"stopping","message":"its allocation was released"}]}','[{"command":"set_desired","node":1,"allocations":[]}]');
CREATE TABLE snapshots (
  snapshot_id INTEGER PRIMARY KEY,
  journal_seq INTEGER NOT NULL,
  engine_version INTEGER NOT NULL,
  state TEXT NOT NULL
) STRICT;
INSERT INTO snapshots VALUES(1,33,2,'{"experiments":[[1,{"id":1,"state":"COMPLETED","canonical":{"name":"golden","description":"","labels":[],"data":{"dataset":"glyphs","root":"","options":{"train":200,"test":60,"seed":0,"classes":3},"splits":{"validation":0.1},"classes":[],"augment":{"rotate":0.0,"shift":0.0,"zoom":0.0,"shear":0.0,"erase":0.0,"erase_area":0.1},"normalize":"scale","split_seed":0},"model":{"layers":[{"conv":{"out":4,"kernel":3}},"relu",{"max_pool":4},"flatten",{"linear":"classes"}]},"training":{"epochs":2,"batch_size":32,"optimizer":{"name":"adam","lr":0.001,"betas":[0.9,0.999],"eps":1e-08,"weight_decay":0.0,"momentum":0.0,"nesterov":false},"schedule":{"name":"constant","every":{"epochs":1},"gamma":0.1,"milestones":[],"min_lr":0.0,"cycles":1,"end_factor":0.0,"start_fraction":0.3,"div_factor":25.0,"final_div_factor":10000.0,"factor":0.1,"patience":10,"min_delta":1e-04,"warmup":{"epochs":0.0,"factor":0.01}},"gradient":{"accumulate":1},"freeze":[],"loss":{"name":"cross_entropy","label_smoothing":0.0},"precision":"fp32","on_nan":"stop"},"hyperparameters":{"training.optimizer.lr":{"type":"categorical","vals":[0.001,0.01]}},"searcher":{"name":"grid","metric":"validation_accuracy","smaller_is_better":false,"max_trials":1,"max_concurrent_trials":16,"time_metric":"epochs"},"replicates":2,"ensemble":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"evaluation":{"splits":["test"],"predictions":"best","curves":true},"resources":{"slots_per_trial":1,"priority":42,"weight":1.0,"resource_pool":"default","is_single_node":false},"checkpoint_storage":{"type":"coordinator","host_path":"","save_experiment_best":0,"save_trial_best":1,"save_trial_latest":1},"checkpoint_policy":"best","min_validation_period":{"epochs":1},"min_checkpoint_period":{"epochs":0},"max_restarts":5,"reproducibility":{"experiment_seed":0,"deterministic":false}},"search_closed":true,"configurations":[[1,{"no":1,"hparams":{"training.optimizer.lr":0.001},"trials":[1,2],"closed":true,"pending":[],"fed_epoch":2}],[2,{"no":2,"hparams":{"training.optimizer.lr":0.01},"trials":[3,4],"closed":true,"pending":[],"fed_epoch":2}]],"trials":[1,2,3,4],"best_value":0.55,"created_at_ms":1795254701271,"ended_at_ms":1795254701947,"message":""}]],"trials":[[1,{"id":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"COMPLETED","stop":"none","seed":4713354149192560,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.35,"last_value":0.35,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":1,"last_checkpoint":3,"checkpoints":[[1,{"id":1,"name":"1/1/1-step-6","sha256":"f9c519af35c655f7b99ec905e181286040cc3e0a0e016c8242eaf4d01849ebb8","epoch":1,"step":6,"metric":0.35}],[3,{"id":3,"name":"1/1/1-step-12","sha256":"233d642ffe632f3f3ca1a83a7097c63064f3ae272d6d7d3c3fc938d02f65e933","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701705,"ended_at_ms":1795254701836,"message":""}],[2,{"id":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"COMPLETED","stop":"none","seed":5677530527275929,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.5,"last_value":0.35,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":2,"last_checkpoint":4,"checkpoints":[[2,{"id":2,"name":"1/2/2-step-6","sha256":"7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414","epoch":1,"step":6,"metric":0.5}],[4,{"id":4,"name":"1/2/2-step-12","sha256":"9635ad671f9ae1d0c008940366870385d113472e984802b3a2622ae2d49c2db7","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701725,"ended_at_ms":1795254701828,"message":""}],[3,{"id":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"COMPLETED","stop":"none","seed":2289526369144504,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.4,"last_value":0.4,"best_epoch":2,"epochs_done":2,"metric_epoch":2,"best_checkpoint":7,"last_checkpoint":7,"checkpoints":[[7,{"id":7,"name":"1/3/3-step-12","sha256":"96be7a6e01c0e1739e1ff82c75e6ac67eae90c517d766101516f2743e2b4cf63","epoch":2,"step":12,"metric":0.4}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701836,"ended_at_ms":1795254701920,"message":""}],[4,{"id":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"COMPLETED","stop":"none","seed":6816850451271357,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.55,"last_value":0.5,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":6,"last_checkpoint":8,"checkpoints":[[6,{"id":6,"name":"1/4/4-step-6","sha256":"2cf16fcd28299d8f47ade1414c4ceabb7f3796facd7d85dcd7dcadaaabf8ec15","epoch":1,"step":6,"metric":0.55}],[8,{"id":8,"name":"1/4/4-step-12","sha256":"18cf5c4437cc6a704d7b845d73fe20c25283e14f72381c43d9ea5de58d84ec29","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701840,"ended_at_ms":1795254701932,"message":""}]],"attempts":[],"allocations":[[1,{"id":1,"node":1,"slots":[0],"state":"RELEASED","seen":true,"unconfirmed":false,"unusable":true,"attempts":[],"idle_since_ms":1795254701932,"last_experiment":1}],[2,{"id":2,"node":1,"slots":[1],"state":"RELEASED","seen":true,"unconfirmed":false,"unusable":true,"attempts":[],"idle_since_ms":1795254701920,"last_experiment":1}]],"nodes":[[1,{"id":1,"name":"vm","pool":"default","state":"ONLINE","slots":[{"index":0,"kind":"cpu"},{"index":1,"kind":"cpu"}],"datasets":[["glyphs","d8c861922b9a70be4033b6e1ca6ff50f007d3375f02cb39eccafa285384f5465"]],"awaiting_report":false,"allocations":[1,2]}]],"next_trial":5,"next_attempt":5,"next_allocation":3,"ensembles":[[1,{"id":1,"experiment":1,"configuration_no":1,"trial":0,"name":"golden, configuration 1","spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"combine":"mean_probability","min_members":2,"state":"COMPLETED","members":[{"trial":1,"checkpoint_name":""},{"trial":2,"checkpoint_name":""}],"left_out":[],"evaluated":true,"created_at_ms":1795254701271,"ended_at_ms":1795254701841,"message":""}],[2,{"id":2,"experiment":1,"configuration_no":2,"trial":0,"name":"golden, configuration 2","spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"combine":"mean_probability","min_members":2,"state":"COMPLETED","members":[{"trial":3,"checkpoint_name":""},{"trial":4,"checkpoint_name":""}],"left_out":[],"evaluated":true,"created_at_ms":1795254701271,"ended_at_ms":1795254701947,"message":""}]],"tasks":[],"next_ensemble":3,"next_task":1,"engine_version":2,"searchers":[[1,{"searcher":"grid","total":2,"started":true,"created":2,"open":[]}]]}');
INSERT INTO snapshots VALUES(2,42,2,'{"experiments":[[1,{"id":1,"state":"COMPLETED","canonical":{"name":"golden","description":"","labels":[],"data":{"dataset":"glyphs","root":"","options":{"train":200,"test":60,"seed":0,"classes":3},"splits":{"validation":0.1},"classes":[],"augment":{"rotate":0.0,"shift":0.0,"zoom":0.0,"shear":0.0,"erase":0.0,"erase_area":0.1},"normalize":"scale","split_seed":0},"model":{"layers":[{"conv":{"out":4,"kernel":3}},"relu",{"max_pool":4},"flatten",{"linear":"classes"}]},"training":{"epochs":2,"batch_size":32,"optimizer":{"name":"adam","lr":0.001,"betas":[0.9,0.999],"eps":1e-08,"weight_decay":0.0,"momentum":0.0,"nesterov":false},"schedule":{"name":"constant","every":{"epochs":1},"gamma":0.1,"milestones":[],"min_lr":0.0,"cycles":1,"end_factor":0.0,"start_fraction":0.3,"div_factor":25.0,"final_div_factor":10000.0,"factor":0.1,"patience":10,"min_delta":1e-04,"warmup":{"epochs":0.0,"factor":0.01}},"gradient":{"accumulate":1},"freeze":[],"loss":{"name":"cross_entropy","label_smoothing":0.0},"precision":"fp32","on_nan":"stop"},"hyperparameters":{"training.optimizer.lr":{"type":"categorical","vals":[0.001,0.01]}},"searcher":{"name":"grid","metric":"validation_accuracy","smaller_is_better":false,"max_trials":1,"max_concurrent_trials":16,"time_metric":"epochs"},"replicates":2,"ensemble":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"evaluation":{"splits":["test"],"predictions":"best","curves":true},"resources":{"slots_per_trial":1,"priority":42,"weight":1.0,"resource_pool":"default","is_single_node":false},"checkpoint_storage":{"type":"coordinator","host_path":"","save_experiment_best":0,"save_trial_best":1,"save_trial_latest":1},"checkpoint_policy":"best","min_validation_period":{"epochs":1},"min_checkpoint_period":{"epochs":0},"max_restarts":5,"reproducibility":{"experiment_seed":0,"deterministic":false}},"search_closed":true,"configurations":[[1,{"no":1,"hparams":{"training.optimizer.lr":0.001},"trials":[1,2],"closed":true,"pending":[],"fed_epoch":2}],[2,{"no":2,"hparams":{"training.optimizer.lr":0.01},"trials":[3,4],"closed":true,"pending":[],"fed_epoch":2}]],"trials":[1,2,3,4],"best_value":0.55,"created_at_ms":1795254701271,"ended_at_ms":1795254701947,"message":""}]],"trials":[[1,{"id":1,"experiment":1,"trial_no":1,"configuration_no":1,"replicate_no":1,"state":"COMPLETED","stop":"none","seed":4713354149192560,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.35,"last_value":0.35,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":1,"last_checkpoint":3,"checkpoints":[[1,{"id":1,"name":"1/1/1-step-6","sha256":"f9c519af35c655f7b99ec905e181286040cc3e0a0e016c8242eaf4d01849ebb8","epoch":1,"step":6,"metric":0.35}],[3,{"id":3,"name":"1/1/1-step-12","sha256":"233d642ffe632f3f3ca1a83a7097c63064f3ae272d6d7d3c3fc938d02f65e933","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701705,"ended_at_ms":1795254701836,"message":""}],[2,{"id":2,"experiment":1,"trial_no":2,"configuration_no":1,"replicate_no":2,"state":"COMPLETED","stop":"none","seed":5677530527275929,"parameters":475,"restarts":0,"losses":0,"fence":2,"best_value":0.5,"last_value":0.35,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":2,"last_checkpoint":4,"checkpoints":[[2,{"id":2,"name":"1/2/2-step-6","sha256":"7d9d27abd3c8519c1543ee901477d9fefcf9ab79311e1d581a7e8ee193298414","epoch":1,"step":6,"metric":0.5}],[4,{"id":4,"name":"1/2/2-step-12","sha256":"9635ad671f9ae1d0c008940366870385d113472e984802b3a2622ae2d49c2db7","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701725,"ended_at_ms":1795254701828,"message":""}],[3,{"id":3,"experiment":1,"trial_no":3,"configuration_no":2,"replicate_no":1,"state":"COMPLETED","stop":"none","seed":2289526369144504,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.4,"last_value":0.4,"best_epoch":2,"epochs_done":2,"metric_epoch":2,"best_checkpoint":7,"last_checkpoint":7,"checkpoints":[[7,{"id":7,"name":"1/3/3-step-12","sha256":"96be7a6e01c0e1739e1ff82c75e6ac67eae90c517d766101516f2743e2b4cf63","epoch":2,"step":12,"metric":0.4}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701836,"ended_at_ms":1795254701920,"message":""}],[4,{"id":4,"experiment":1,"trial_no":4,"configuration_no":2,"replicate_no":2,"state":"COMPLETED","stop":"none","seed":6816850451271357,"parameters":475,"restarts":0,"losses":0,"fence":1,"best_value":0.55,"last_value":0.5,"best_epoch":1,"epochs_done":2,"metric_epoch":2,"best_checkpoint":6,"last_checkpoint":8,"checkpoints":[[6,{"id":6,"name":"1/4/4-step-6","sha256":"2cf16fcd28299d8f47ade1414c4ceabb7f3796facd7d85dcd7dcadaaabf8ec15","epoch":1,"step":6,"metric":0.55}],[8,{"id":8,"name":"1/4/4-step-12","sha256":"18cf5c4437cc6a704d7b845d73fe20c25283e14f72381c43d9ea5de58d84ec29","epoch":2,"step":12,"metric":null}]],"attempt":0,"snapshots":[],"started_at_ms":1795254701840,"ended_at_ms":1795254701932,"message":""}]],"attempts":[],"allocations":[[3,{"id":3,"node":1,"slots":[0],"state":"RELEASED","seen":true,"unconfirmed":false,"unusable":true,"attempts":[],"idle_since_ms":1795254722561,"last_experiment":1}]],"nodes":[[1,{"id":1,"name":"vm","pool":"default","state":"ONLINE","slots":[{"index":0,"kind":"cpu"},{"index":1,"kind":"cpu"}],"datasets":[["glyphs","d8c861922b9a70be4033b6e1ca6ff50f007d3375f02cb39eccafa285384f5465"]],"awaiting_report":false,"allocations":[3]}]],"next_trial":5,"next_attempt":6,"next_allocation":4,"ensembles":[[1,{"id":1,"experiment":1,"configuration_no":1,"trial":0,"name":"golden, configuration 1","spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"combine":"mean_probability","min_members":2,"state":"COMPLETED","members":[{"trial":1,"checkpoint_name":""},{"trial":2,"checkpoint_name":""}],"left_out":[],"evaluated":true,"created_at_ms":1795254701271,"ended_at_ms":1795254701841,"message":""}],[2,{"id":2,"experiment":1,"configuration_no":2,"trial":0,"name":"golden, configuration 2","spec":{"members":{"replicates":2},"combine":"mean_probability","weights":[],"min_members":2},"combine":"mean_probability","min_members":2,"state":"COMPLETED","members":[{"trial":3,"checkpoint_name":""},{"trial":4,"checkpoint_name":""}],"left_out":[],"evaluated":true,"created_at_ms":1795254701271,"ended_at_ms":1795254701947,"message":""}]],"tasks":[],"next_ensemble":3,"next_task":2,"engine_version":2,"searchers":[[1,{"searcher":"grid","total":2,"started":true,"created":2,"open":[]}]]}');
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
INSERT INTO events VALUES(1,1795254701244,'node_joined','node 1','vm with 2 slots in pool default');
INSERT INTO events VALUES(2,1795254701271,'experiment_submitted','experiment 1','golden');
INSERT INTO events VALUES(3,1795254701271,'trial_created','trial 1.1','{"training.optimizer.lr":0.001}');
INSERT INTO events VALUES(4,1795254701271,'trial_created','trial 1.2','{"training.optimizer.lr":0.001}');
INSERT INTO events VALUES(5,1795254701271,'trial_created','trial 1.3','{"training.optimizer.lr":0.01}');
INSERT INTO events VALUES(6,1795254701271,'trial_created','trial 1.4','{"training.optimizer.lr":0.01}');
INSERT INTO events VALUES(7,1795254701271,'searcher_closed','experiment 1','2 configurations');
INSERT INTO events VALUES(8,1795254701271,'placed','trial 1.1','attempt 1 on gang 1 of node 1');
INSERT INTO events VALUES(9,1795254701271,'placed','trial 1.2','attempt 2 on gang 2 of node 1');
INSERT INTO events VALUES(10,1795254701828,'trial_ended','trial 1.2','COMPLETED');
INSERT INTO events VALUES(11,1795254701828,'placed','trial 1.3','attempt 3 on gang 2 of node 1');
INSERT INTO events VALUES(12,1795254701836,'trial_ended','trial 1.1','COMPLETED');
INSERT INTO events VALUES(13,1795254701836,'ensemble_state','ensemble 1','EVALUATING');
INSERT INTO events VALUES(14,1795254701836,'placed','trial 1.4','attempt 4 on gang 1 of node 1');
INSERT INTO events VALUES(15,1795254701841,'ensemble_state','ensemble 1','COMPLETED');
INSERT INTO events VALUES(16,1795254701920,'trial_ended','trial 1.3','COMPLETED');
INSERT INTO events VALUES(17,1795254701932,'trial_ended','trial 1.4','COMPLETED');
INSERT INTO events VALUES(18,1795254701932,'ensemble_state','ensemble 2','EVALUATING');
INSERT INTO events VALUES(19,1795254701947,'ensemble_state','ensemble 2','COMPLETED');
INSERT INTO events VALUES(20,1795254701947,'experiment_state','experiment 1','COMPLETED');
INSERT INTO events VALUES(21,1795254721928,'node_unreachable','node 1','vm');
INSERT INTO events VALUES(22,1795254722006,'node_rejoined','node 1','vm with 2 slots in pool default');
INSERT INTO events VALUES(23,1795254722116,'task_requested','task 1','trial 1.2, checkpoint 1/2/2-step-6');
INSERT INTO events VALUES(24,1795254722116,'placed','task 1','attempt 5 on gang 3 of node 1');
INSERT INTO events VALUES(25,1795254722561,'task_ended','task 1','ok');
CREATE TABLE replies (
  request_id TEXT PRIMARY KEY,
  method TEXT NOT NULL,
  reply BLOB NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO replies VALUES('8bca6991-2c8d-3be6-fbee-c66b7723775a','Submit',X'08011206414354495645',1795254701271);
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
INSERT INTO ordinals VALUES(0);
INSERT INTO ordinals VALUES(1);
INSERT INTO ordinals VALUES(2);
INSERT INTO ordinals VALUES(3);
INSERT INTO ordinals VALUES(4);
INSERT INTO ordinals VALUES(5);
INSERT INTO ordinals VALUES(6);
INSERT INTO ordinals VALUES(7);
INSERT INTO ordinals VALUES(8);
INSERT INTO ordinals VALUES(9);
INSERT INTO ordinals VALUES(10);
INSERT INTO ordinals VALUES(11);
INSERT INTO ordinals VALUES(12);
INSERT INTO ordinals VALUES(13);
INSERT INTO ordinals VALUES(14);
INSERT INTO ordinals VALUES(15);
INSERT INTO ordinals VALUES(16);
INSERT INTO ordinals VALUES(17);
INSERT INTO ordinals VALUES(18);
INSERT INTO ordinals VALUES(19);
INSERT INTO ordinals VALUES(20);
INSERT INTO ordinals VALUES(21);
INSERT INTO ordinals VALUES(22);
INSERT INTO ordinals VALUES(23);
INSERT INTO ordinals VALUES(24);
INSERT INTO ordinals VALUES(25);
INSERT INTO ordinals VALUES(26);
INSERT INTO ordinals VALUES(27);
INSERT INTO ordinals VALUES(28);
INSERT INTO ordinals VALUES(29);
INSERT INTO ordinals VALUES(30);
INSERT INTO ordinals VALUES(31);
INSERT INTO ordinals VALUES(32);
INSERT INTO ordinals VALUES(33);
INSERT INTO ordinals VALUES(34);
INSERT INTO ordinals VALUES(35);
INSERT INTO ordinals VALUES(36);
INSERT INTO ordinals VALUES(37);
INSERT INTO ordinals VALUES(38);
INSERT INTO ordinals VALUES(39);
INSERT INTO ordinals VALUES(40);
INSERT INTO ordinals VALUES(41);
INSERT INTO ordinals VALUES(42);
INSERT INTO ordinals VALUES(43);
INSERT INTO ordinals VALUES(44);
INSERT INTO ordinals VALUES(45);
INSERT INTO ordinals VALUES(46);
INSERT INTO ordinals VALUES(47);
INSERT INTO ordinals VALUES(48);
INSERT INTO ordinals VALUES(49);
INSERT INTO ordinals VALUES(50);
INSERT INTO ordinals VALUES(51);
INSERT INTO ordinals VALUES(52);
INSERT INTO ordinals VALUES(53);
INSERT INTO ordinals VALUES(54);
INSERT INTO ordinals VALUES(55);
INSERT INTO ordinals VALUES(56);
INSERT INTO ordinals VALUES(57);
INSERT INTO ordinals VALUES(58);
INSERT INTO ordinals VALUES(59);
INSERT INTO ordinals VALUES(60);
INSERT INTO ordinals VALUES(61);
INSERT INTO ordinals VALUES(62);
INSERT INTO ordinals VALUES(63);
INSERT INTO ordinals VALUES(64);
INSERT INTO ordinals VALUES(65);
INSERT INTO ordinals VALUES(66);
INSERT INTO ordinals VALUES(67);
INSERT INTO ordinals VALUES(68);
INSERT INTO ordinals VALUES(69);
INSERT INTO ordinals VALUES(70);
INSERT INTO ordinals VALUES(71);
INSERT INTO ordinals VALUES(72);
INSERT INTO ordinals VALUES(73);
INSERT INTO ordinals VALUES(74);
INSERT INTO ordinals VALUES(75);
INSERT INTO ordinals VALUES(76);
INSERT INTO ordinals VALUES(77);
INSERT INTO ordinals VALUES(78);
INSERT INTO ordinals VALUES(79);
INSERT INTO ordinals VALUES(80);
INSERT INTO ordinals VALUES(81);
INSERT INTO ordinals VALUES(82);
INSERT INTO ordinals VALUES(83);
INSERT INTO ordinals VALUES(84);
INSERT INTO ordinals VALUES(85);
INSERT INTO ordinals VALUES(86);
INSERT INTO ordinals VALUES(87);
INSERT INTO ordinals VALUES(88);
INSERT INTO ordinals VALUES(89);
INSERT INTO ordinals VALUES(90);
INSERT INTO ordinals VALUES(91);
INSERT INTO ordinals VALUES(92);
INSERT INTO ordinals VALUES(93);
INSERT INTO ordinals VALUES(94);
INSERT INTO ordinals VALUES(95);
INSERT INTO ordinals VALUES(96);
INSERT INTO ordinals VALUES(97);
INSERT INTO ordinals VALUES(98);
INSERT INTO ordinals VALUES(99);
INSERT INTO ordinals VALUES(100);
INSERT INTO ordinals VALUES(101);
INSERT INTO ordinals VALUES(102);
INSERT INTO ordinals VALUES(103);
INSERT INTO ordinals VALUES(104);
INSERT INTO ordinals VALUES(105);
INSERT INTO ordinals VALUES(106);
INSERT INTO ordinals VALUES(107);
INSERT INTO ordinals VALUES(108);
INSERT INTO ordinals VALUES(109);
INSERT INTO ordinals VALUES(110);
INSERT INTO ordinals VALUES(111);
INSERT INTO ordinals VALUES(112);
INSERT INTO ordinals VALUES(113);
INSERT INTO ordinals VALUES(114);
INSERT INTO ordinals VALUES(115);
INSERT INTO ordinals VALUES(116);
INSERT INTO ordinals VALUES(117);
INSERT INTO ordinals VALUES(118);
INSERT INTO ordinals VALUES(119);
INSERT INTO ordinals VALUES(120);
INSERT INTO ordinals VALUES(121);
INSERT INTO ordinals VALUES(122);
INSERT INTO ordinals VALUES(123);
INSERT INTO ordinals VALUES(124);
INSERT INTO ordinals VALUES(125);
INSERT INTO ordinals VALUES(126);
INSERT INTO ordinals VALUES(127);
INSERT INTO ordinals VALUES(128);
INSERT INTO ordinals VALUES(129);
INSERT INTO ordinals VALUES(130);
INSERT INTO ordinals VALUES(131);
INSERT INTO ordinals VALUES(132);
INSERT INTO ordinals VALUES(133);
INSERT INTO ordinals VALUES(134);
INSERT INTO ordinals VALUES(135);
INSERT INTO ordinals VALUES(136);
INSERT INTO ordinals VALUES(137);
INSERT INTO ordinals VALUES(138);
INSERT INTO ordinals VALUES(139);
INSERT INTO ordinals VALUES(140);
INSERT INTO ordinals VALUES(141);
INSERT INTO ordinals VALUES(142);
INSERT INTO ordinals VALUES(143);
INSERT INTO ordinals VALUES(144);
INSERT INTO ordinals VALUES(145);
INSERT INTO ordinals VALUES(146);
INSERT INTO ordinals VALUES(147);
INSERT INTO ordinals VALUES(148);
INSERT INTO ordinals VALUES(149);
INSERT INTO ordinals VALUES(150);
INSERT INTO ordinals VALUES(151);
INSERT INTO ordinals VALUES(152);
INSERT INTO ordinals VALUES(153);
INSERT INTO ordinals VALUES(154);
INSERT INTO ordinals VALUES(155);
INSERT INTO ordinals VALUES(156);
INSERT INTO ordinals VALUES(157);
INSERT INTO ordinals VALUES(158);
INSERT INTO ordinals VALUES(159);
INSERT INTO ordinals VALUES(160);
INSERT INTO ordinals VALUES(161);
INSERT INTO ordinals VALUES(162);
INSERT INTO ordinals VALUES(163);
INSERT INTO ordinals VALUES(164);
INSERT INTO ordinals VALUES(165);
INSERT INTO ordinals VALUES(166);
INSERT INTO ordinals VALUES(167);
INSERT INTO ordinals VALUES(168);
INSERT INTO ordinals VALUES(169);
INSERT INTO ordinals VALUES(170);
INSERT INTO ordinals VALUES(171);
INSERT INTO ordinals VALUES(172);
INSERT INTO ordinals VALUES(173);
INSERT INTO ordinals VALUES(174);
INSERT INTO ordinals VALUES(175);
INSERT INTO ordinals VALUES(176);
INSERT INTO ordinals VALUES(177);
INSERT INTO ordinals VALUES(178);
INSERT INTO ordinals VALUES(179);
INSERT INTO ordinals VALUES(180);
INSERT INTO ordinals VALUES(181);
INSERT INTO ordinals VALUES(182);
INSERT INTO ordinals VALUES(183);
INSERT INTO ordinals VALUES(184);
INSERT INTO ordinals VALUES(185);
INSERT INTO ordinals VALUES(186);
INSERT INTO ordinals VALUES(187);
INSERT INTO ordinals VALUES(188);
INSERT INTO ordinals VALUES(189);
INSERT INTO ordinals VALUES(190);
INSERT INTO ordinals VALUES(191);
INSERT INTO ordinals VALUES(192);
INSERT INTO ordinals VALUES(193);
INSERT INTO ordinals VALUES(194);
INSERT INTO ordinals VALUES(195);
INSERT INTO ordinals VALUES(196);
INSERT INTO ordinals VALUES(197);
INSERT INTO ordinals VALUES(198);
INSERT INTO ordinals VALUES(199);
INSERT INTO ordinals VALUES(200);
INSERT INTO ordinals VALUES(201);
INSERT INTO ordinals VALUES(202);
INSERT INTO ordinals VALUES(203);
INSERT INTO ordinals VALUES(204);
INSERT INTO ordinals VALUES(205);
INSERT INTO ordinals VALUES(206);
INSERT INTO ordinals VALUES(207);
INSERT INTO ordinals VALUES(208);
INSERT INTO ordinals VALUES(209);
INSERT INTO ordinals VALUES(210);
INSERT INTO ordinals VALUES(211);
INSERT INTO ordinals VALUES(212);
INSERT INTO ordinals VALUES(213);
INSERT INTO ordinals VALUES(214);
INSERT INTO ordinals VALUES(215);
INSERT INTO ordinals VALUES(216);
INSERT INTO ordinals VALUES(217);
INSERT INTO ordinals VALUES(218);
INSERT INTO ordinals VALUES(219);
INSERT INTO ordinals VALUES(220);
INSERT INTO ordinals VALUES(221);
INSERT INTO ordinals VALUES(222);
INSERT INTO ordinals VALUES(223);
INSERT INTO ordinals VALUES(224);
INSERT INTO ordinals VALUES(225);
INSERT INTO ordinals VALUES(226);
INSERT INTO ordinals VALUES(227);
INSERT INTO ordinals VALUES(228);
INSERT INTO ordinals VALUES(229);
INSERT INTO ordinals VALUES(230);
INSERT INTO ordinals VALUES(231);
INSERT INTO ordinals VALUES(232);
INSERT INTO ordinals VALUES(233);
INSERT INTO ordinals VALUES(234);
INSERT INTO ordinals VALUES(235);
INSERT INTO ordinals VALUES(236);
INSERT INTO ordinals VALUES(237);
INSERT INTO ordinals VALUES(238);
INSERT INTO ordinals VALUES(239);
INSERT INTO ordinals VALUES(240);
INSERT INTO ordinals VALUES(241);
INSERT INTO ordinals VALUES(242);
INSERT INTO ordinals VALUES(243);
INSERT INTO ordinals VALUES(244);
INSERT INTO ordinals VALUES(245);
INSERT INTO ordinals VALUES(246);
INSERT INTO ordinals VALUES(247);
INSERT INTO ordinals VALUES(248);
INSERT INTO ordinals VALUES(249);
INSERT INTO ordinals VALUES(250);
INSERT INTO ordinals VALUES(251);
INSERT INTO ordinals VALUES(252);
INSERT INTO ordinals VALUES(253);
INSERT INTO ordinals VALUES(254);
INSERT INTO ordinals VALUES(255);
CREATE TABLE float32_scale (
  sign_exponent INTEGER PRIMARY KEY,
  hidden INTEGER NOT NULL,
  unit REAL NULL
) STRICT;
INSERT INTO float32_scale VALUES(0,0,1.4012984643248170709e-45);
INSERT INTO float32_scale VALUES(1,8388608,1.4012984643248170709e-45);
INSERT INTO float32_scale VALUES(2,8388608,2.8025969286496341418e-45);
INSERT INTO float32_scale VALUES(3,8388608,5.6051938572992682837e-45);
INSERT INTO float32_scale VALUES(4,8388608,1.1210387714598536567e-44);
INSERT INTO float32_scale VALUES(5,8388608,2.2420775429197073135e-44);
INSERT INTO float32_scale VALUES(6,8388608,4.484155085839414627e-44);
INSERT INTO float32_scale VALUES(7,8388608,8.968310171678829254e-44);
INSERT INTO float32_scale VALUES(8,8388608,1.7936620343357658508e-43);
INSERT INTO float32_scale VALUES(9,8388608,3.5873240686715317016e-43);
INSERT INTO float32_scale VALUES(10,8388608,7.1746481373430634033e-43);
INSERT INTO float32_scale VALUES(11,8388608,1.4349296274686126806e-42);
INSERT INTO float32_scale VALUES(12,8388608,2.8698592549372253612e-42);
INSERT INTO float32_scale VALUES(13,8388608,5.7397185098744507225e-42);
INSERT INTO float32_scale VALUES(14,8388608,1.1479437019748901444e-41);
INSERT INTO float32_scale VALUES(15,8388608,2.2958874039497802889e-41);
INSERT INTO float32_scale VALUES(16,8388608,4.5917748078995605778e-41);
INSERT INTO float32_scale VALUES(17,8388608,9.1835496157991211556e-41);
INSERT INTO float32_scale VALUES(18,8388608,1.8367099231598242313e-40);
INSERT INTO float32_scale VALUES(19,8388608,3.6734198463196484625e-40);
INSERT INTO float32_scale VALUES(20,8388608,7.346839692639296925e-40);
INSERT INTO float32_scale VALUES(21,8388608,1.469367938527859385e-39);
INSERT INTO float32_scale VALUES(22,8388608,2.9387358770557187701e-39);
INSERT INTO float32_scale VALUES(23,8388608,5.8774717541114375402e-39);
INSERT INTO float32_scale VALUES(24,8388608,1.175494350822287508e-38);
INSERT INTO float32_scale VALUES(25,8388608,2.3509887016445750161e-38);
INSERT INTO float32_scale VALUES(26,8388608,4.7019774032891500322e-38);
INSERT INTO float32_scale VALUES(27,8388608,9.4039548065783000645e-38);
INSERT INTO float32_scale VALUES(28,8388608,1.8807909613156600128e-37);
INSERT INTO float32_scale VALUES(29,8388608,3.7615819226313200256e-37);
INSERT INTO float32_scale VALUES(30,8388608,7.5231638452626400513e-37);
INSERT INTO float32_scale VALUES(31,8388608,1.5046327690525280102e-36);
INSERT INTO float32_scale VALUES(32,8388608,3.0092655381050560205e-36);
INSERT INTO float32_scale VALUES(33,8388608,6.0185310762101120411e-36);
INSERT INTO float32_scale VALUES(34,8388608,1.2037062152420224082e-35);
INSERT INTO float32_scale VALUES(35,8388608,2.4074124304840448164e-35);
INSERT INTO float32_scale VALUES(36,8388608,4.8148248609680896329e-35);
INSERT INTO float32_scale VALUES(37,8388608,9.6296497219361792659e-35);
INSERT INTO float32_scale VALUES(38,8388608,1.9259299443872358531e-34);
INSERT INTO float32_scale VALUES(39,8388608,3.8518598887744717063e-34);
INSERT INTO float32_scale VALUES(40,8388608,7.7037197775489434127e-34);
INSERT INTO float32_scale VALUES(41,8388608,1.5407439555097886825e-33);
INSERT INTO float32_scale VALUES(42,8388608,3.081487911019577365e-33);
INSERT INTO float32_scale VALUES(43,8388608,6.16297582203915473e-33);
INSERT INTO float32_scale VALUES(44,8388608,1.2325951644078309459e-32);
INSERT INTO float32_scale VALUES(45,8388608,2.4651903288156618919e-32);
INSERT INTO float32_scale VALUES(46,8388608,4.9303806576313237838e-32);
INSERT INTO float32_scale VALUES(47,8388608,9.8607613152626475677e-32);
INSERT INTO float32_scale VALUES(48,8388608,1.9721522630525295135e-31);
INSERT INTO float32_scale VALUES(49,8388608,3.9443045261050590269e-31);
INSERT INTO float32_scale VALUES(50,8388608,7.8886090522101180539e-31);
INSERT INTO float32_scale VALUES(51,8388608,1.5777218104420236107e-30);
INSERT INTO float32_scale VALUES(52,8388608,3.1554436208840472215e-30);
INSERT INTO float32_scale VALUES(53,8388608,6.310887241768094443e-30);
INSERT INTO float32_scale VALUES(54,8388608,1.2621774483536188886e-29);
INSERT INTO float32_scale VALUES(55,8388608,2.5243548967072377772e-29);
INSERT INTO float32_scale VALUES(56,8388608,5.0487097934144755544e-29);
INSERT INTO float32_scale VALUES(57,8388608,1.0097419586828951108e-28);
INSERT INTO float32_scale VALUES(58,8388608,2.0194839173657902217e-28);
INSERT INTO float32_scale VALUES(59,8388608,4.0389678347315804435e-28);
INSERT INTO float32_scale VALUES(60,8388608,8.0779356694631608871e-28);
INSERT INTO float32_scale VALUES(61,8388608,1.6155871338926321774e-27);
INSERT INTO float32_scale VALUES(62,8388608,3.2311742677852643549e-27);
INSERT INTO float32_scale VALUES(63,8388608,6.4623485355705287099e-27);
INSERT INTO float32_scale VALUES(64,8388608,1.2924697071141057419e-26);
INSERT INTO float32_scale VALUES(65,8388608,2.5849394142282114839e-26);
INSERT INTO float32_scale VALUES(66,8388608,5.1698788284564229679e-26);
INSERT INTO float32_scale VALUES(67,8388608,1.0339757656912845935e-25);
INSERT INTO float32_scale VALUES(68,8388608,2.0679515313825691871e-25);
INSERT INTO float32_scale VALUES(69,8388608,4.1359030627651383743e-25);
INSERT INTO float32_scale VALUES(70,8388608,8.2718061255302767487e-25);
INSERT INTO float32_scale VALUES(71,8388608,1.6543612251060553497e-24);
INSERT INTO float32_scale VALUES(72,8388608,3.3087224502121106994e-24);
INSERT INTO float32_scale VALUES(73,8388608,6.6174449004242213989e-24);
INSERT INTO float32_scale VALUES(74,8388608,1.3234889800848442797e-23);
INSERT INTO float32_scale VALUES(75,8388608,2.6469779601696885595e-23);
INSERT INTO float32_scale VALUES(76,8388608,5.2939559203393771191e-23);
INSERT INTO float32_scale VALUES(77,8388608,1.0587911840678754238e-22);
INSERT INTO float32_scale VALUES(78,8388608,2.1175823681357508476e-22);
INSERT INTO float32_scale VALUES(79,8388608,4.2351647362715016953e-22);
INSERT INTO float32_scale VALUES(80,8388608,8.4703294725430033906e-22);
INSERT INTO float32_scale VALUES(81,8388608,1.6940658945086006781e-21);
INSERT INTO float32_scale VALUES(82,8388608,3.3881317890172013562e-21);
INSERT INTO float32_scale VALUES(83,8388608,6.7762635780344027125e-21);
INSERT INTO float32_scale VALUES(84,8388608,1.3552527156068805425e-20);
INSERT INTO float32_scale VALUES(85,8388608,2.710505431213761085e-20);
INSERT INTO float32_scale VALUES(86,8388608,5.42101086242752217e-20);
INSERT INTO float32_scale VALUES(87,8388608,1.084202172485504434e-19);
INSERT INTO float32_scale VALUES(88,8388608,2.168404344971008868e-19);
INSERT INTO float32_scale VALUES(89,8388608,4.336808689942017736e-19);
INSERT INTO float32_scale VALUES(90,8388608,8.673617379884035472e-19);
INSERT INTO float32_scale VALUES(91,8388608,1.7347234759768070944e-18);
INSERT INTO float32_scale VALUES(92,8388608,3.4694469519536141888e-18);
INSERT INTO float32_scale VALUES(93,8388608,6.9388939039072283776e-18);
INSERT INTO float32_scale VALUES(94,8388608,1.3877787807814456755e-17);
INSERT INTO float32_scale VALUES(95,8388608,2.775557561562891351e-17);
INSERT INTO float32_scale VALUES(96,8388608,5.5511151231257827021e-17);
INSERT INTO float32_scale VALUES(97,8388608,1.1102230246251565404e-16);
INSERT INTO float32_scale VALUES(98,8388608,2.2204460492503130808e-16);
INSERT INTO float32_scale VALUES(99,8388608,4.4408920985006261616e-16);
INSERT INTO float32_scale VALUES(100,8388608,8.8817841970012523233e-16);
INSERT INTO float32_scale VALUES(101,8388608,1.7763568394002504646e-15);
INSERT INTO float32_scale VALUES(102,8388608,3.5527136788005009293e-15);
INSERT INTO float32_scale VALUES(103,8388608,7.1054273576010018587e-15);
INSERT INTO float32_scale VALUES(104,8388608,1.4210854715202003717e-14);
INSERT INTO float32_scale VALUES(105,8388608,2.8421709430404007434e-14);
INSERT INTO float32_scale VALUES(106,8388608,5.6843418860808014869e-14);
INSERT INTO float32_scale VALUES(107,8388608,1.1368683772161602973e-13);
INSERT INTO float32_scale VALUES(108,8388608,2.2737367544323205947e-13);
INSERT INTO float32_scale VALUES(109,8388608,4.5474735088646411895e-13);
INSERT INTO float32_scale VALUES(110,8388608,9.0949470177292823791e-13);
INSERT INTO float32_scale VALUES(111,8388608,1.8189894035458564758e-12);
INSERT INTO float32_scale VALUES(112,8388608,3.6379788070917129516e-12);
INSERT INTO float32_scale VALUES(113,8388608,7.2759576141834259033e-12);
INSERT INTO float32_scale VALUES(114,8388608,1.4551915228366851806e-11);
INSERT INTO float32_scale VALUES(115,8388608,2.9103830456733703613e-11);
INSERT INTO float32_scale VALUES(116,8388608,5.8207660913467407226e-11);
INSERT INTO float32_scale VALUES(117,8388608,1.1641532182693481445e-10);
INSERT INTO float32_scale VALUES(118,8388608,2.328306436538696289e-10);
INSERT INTO float32_scale VALUES(119,8388608,4.6566128730773925781e-10);
INSERT INTO float32_scale VALUES(120,8388608,9.3132257461547851562e-10);
INSERT INTO float32_scale VALUES(121,8388608,1.8626451492309570312e-09);
INSERT INTO float32_scale VALUES(122,8388608,3.7252902984619140625e-09);
INSERT INTO float32_scale VALUES(123,8388608,7.450580596923828125e-09);
INSERT INTO float32_scale VALUES(124,8388608,1.490116119384765625e-08);
INSERT INTO float32_scale VALUES(125,8388608,2.98023223876953125e-08);
INSERT INTO float32_scale VALUES(126,8388608,5.9604644775390625e-08);
INSERT INTO float32_scale VALUES(127,8388608,1.1920928955078125e-07);
INSERT INTO float32_scale VALUES(128,8388608,2.384185791015625e-07);
INSERT INTO float32_scale VALUES(129,8388608,4.76837158203125e-07);
INSERT INTO float32_scale VALUES(130,8388608,9.5367431640625e-07);
INSERT INTO float32_scale VALUES(131,8388608,1.9073486328125e-06);
INSERT INTO float32_scale VALUES(132,8388608,3.814697265625e-06);
INSERT INTO float32_scale VALUES(133,8388608,7.62939453125e-06);
INSERT INTO float32_scale VALUES(134,8388608,1.52587890625e-05);
INSERT INTO float32_scale VALUES(135,8388608,3.0517578125e-05);
INSERT INTO float32_scale VALUES(136,8388608,6.103515625e-05);
INSERT INTO float32_scale VALUES(137,8388608,0.0001220703125);
INSERT INTO float32_scale VALUES(138,8388608,0.000244140625);
INSERT INTO float32_scale VALUES(139,8388608,0.00048828125);
INSERT INTO float32_scale VALUES(140,8388608,0.0009765625);
INSERT INTO float32_scale VALUES(141,8388608,0.001953125);
INSERT INTO float32_scale VALUES(142,8388608,0.00390625);
INSERT INTO float32_scale VALUES(143,8388608,0.0078125);
INSERT INTO float32_scale VALUES(144,8388608,0.015625);
INSERT INTO float32_scale VALUES(145,8388608,0.03125);
INSERT INTO float32_scale VALUES(146,8388608,0.0625);
INSERT INTO float32_scale VALUES(147,8388608,0.125);
INSERT INTO float32_scale VALUES(148,8388608,0.25);
INSERT INTO float32_scale VALUES(149,8388608,0.5);
INSERT INTO float32_scale VALUES(150,8388608,1.0);
INSERT INTO float32_scale VALUES(151,8388608,2.0);
INSERT INTO float32_scale VALUES(152,8388608,4.0);
INSERT INTO float32_scale VALUES(153,8388608,8.0);
INSERT INTO float32_scale VALUES(154,8388608,16.0);
INSERT INTO float32_scale VALUES(155,8388608,32.0);
INSERT INTO float32_scale VALUES(156,8388608,64.0);
INSERT INTO float32_scale VALUES(157,8388608,128.0);
INSERT INTO float32_scale VALUES(158,8388608,256.0);
INSERT INTO float32_scale VALUES(159,8388608,512.0);
INSERT INTO float32_scale VALUES(160,8388608,1024.0);
INSERT INTO float32_scale VALUES(161,8388608,2048.0);
INSERT INTO float32_scale VALUES(162,8388608,4096.0);
INSERT INTO float32_scale VALUES(163,8388608,8192.0);
INSERT INTO float32_scale VALUES(164,8388608,16384.0);
INSERT INTO float32_scale VALUES(165,8388608,32768.0);
INSERT INTO float32_scale VALUES(166,8388608,65536.0);
INSERT INTO float32_scale VALUES(167,8388608,131072.0);
INSERT INTO float32_scale VALUES(168,8388608,262144.0);
INSERT INTO float32_scale VALUES(169,8388608,524288.0);
INSERT INTO float32_scale VALUES(170,8388608,1048576.0);
INSERT INTO float32_scale VALUES(171,8388608,2097152.0);
INSERT INTO float32_scale VALUES(172,8388608,4194304.0);
INSERT INTO float32_scale VALUES(173,8388608,8388608.0);
INSERT INTO float32_scale VALUES(174,8388608,16777216.0);
INSERT INTO float32_scale VALUES(175,8388608,33554432.0);
INSERT INTO float32_scale VALUES(176,8388608,67108864.0);
INSERT INTO float32_scale VALUES(177,8388608,134217728.0);
INSERT INTO float32_scale VALUES(178,8388608,268435456.0);
INSERT INTO float32_scale VALUES(179,8388608,536870912.0);
INSERT INTO float32_scale VALUES(180,8388608,1073741824.0);
INSERT INTO float32_scale VALUES(181,8388608,2147483648.0);
INSERT INTO float32_scale VALUES(182,8388608,4294967296.0);
INSERT INTO float32_scale VALUES(183,8388608,8589934592.0);
INSERT INTO float32_scale VALUES(184,8388608,17179869184.0);
INSERT INTO float32_scale VALUES(185,8388608,34359738368.0);
INSERT INTO float32_scale VALUES(186,8388608,68719476736.0);
INSERT INTO float32_scale VALUES(187,8388608,137438953472.0);
INSERT INTO float32_scale VALUES(188,8388608,274877906944.0);
INSERT INTO float32_scale VALUES(189,8388608,549755813888.0);
INSERT INTO float32_scale VALUES(190,8388608,1099511627776.0);
INSERT INTO float32_scale VALUES(191,8388608,2199023255552.0);
INSERT INTO float32_scale VALUES(192,8388608,4398046511104.0);
INSERT INTO float32_scale VALUES(193,8388608,8796093022208.0);
INSERT INTO float32_scale VALUES(194,8388608,17592186044416.0);
INSERT INTO float32_scale VALUES(195,8388608,35184372088832.0);
INSERT INTO float32_scale VALUES(196,8388608,70368744177664.0);
INSERT INTO float32_scale VALUES(197,8388608,140737488355328.0);
INSERT INTO float32_scale VALUES(198,8388608,281474976710656.0);
INSERT INTO float32_scale VALUES(199,8388608,562949953421312.0);
INSERT INTO float32_scale VALUES(200,8388608,1125899906842624.0);
INSERT INTO float32_scale VALUES(201,8388608,2251799813685248.0);
INSERT INTO float32_scale VALUES(202,8388608,4503599627370496.0);
INSERT INTO float32_scale VALUES(203,8388608,9007199254740992.0);
INSERT INTO float32_scale VALUES(204,8388608,18014398509481984.0);
INSERT INTO float32_scale VALUES(205,8388608,36028797018963968.0);
INSERT INTO float32_scale VALUES(206,8388608,72057594037927936.0);
INSERT INTO float32_scale VALUES(207,8388608,144115188075855872.0);
INSERT INTO float32_scale VALUES(208,8388608,288230376151711744.0);
INSERT INTO float32_scale VALUES(209,8388608,576460752303423488.0);
INSERT INTO float32_scale VALUES(210,8388608,1152921504606846976.0);
INSERT INTO float32_scale VALUES(211,8388608,2305843009213693952.0);
INSERT INTO float32_scale VALUES(212,8388608,4611686018427387904.0);
INSERT INTO float32_scale VALUES(213,8388608,9223372036854775807.8);
INSERT INTO float32_scale VALUES(214,8388608,18446744073709551615.0);
INSERT INTO float32_scale VALUES(215,8388608,36893488147419103231.0);
INSERT INTO float32_scale VALUES(216,8388608,73786976294838206463.0);
INSERT INTO float32_scale VALUES(217,8388608,1.4757395258967641293e+20);
INSERT INTO float32_scale VALUES(218,8388608,2.9514790517935282587e+20);
INSERT INTO float32_scale VALUES(219,8388608,5.9029581035870565173e+20);
INSERT INTO float32_scale VALUES(220,8388608,1.1805916207174113034e+21);
INSERT INTO float32_scale VALUES(221,8388608,2.3611832414348226068e+21);
INSERT INTO float32_scale VALUES(222,8388608,4.7223664828696452137e+21);
INSERT INTO float32_scale VALUES(223,8388608,9.4447329657392904275e+21);
INSERT INTO float32_scale VALUES(224,8388608,1.8889465931478580854e+22);
INSERT INTO float32_scale VALUES(225,8388608,3.7778931862957161708e+22);
INSERT INTO float32_scale VALUES(226,8388608,7.5557863725914323417e+22);
INSERT INTO float32_scale VALUES(227,8388608,1.5111572745182864683e+23);
INSERT INTO float32_scale VALUES(228,8388608,3.0223145490365729366e+23);
INSERT INTO float32_scale VALUES(229,8388608,6.0446290980731458733e+23);
INSERT INTO float32_scale VALUES(230,8388608,1.2089258196146291747e+24);
INSERT INTO float32_scale VALUES(231,8388608,2.4178516392292583494e+24);
INSERT INTO float32_scale VALUES(232,8388608,4.8357032784585166989e+24);
INSERT INTO float32_scale VALUES(233,8388608,9.6714065569170333978e+24);
INSERT INTO float32_scale VALUES(234,8388608,1.9342813113834066794e+25);
INSERT INTO float32_scale VALUES(235,8388608,3.8685626227668133589e+25);
INSERT INTO float32_scale VALUES(236,8388608,7.737125245533626718e+25);
INSERT INTO float32_scale VALUES(237,8388608,1.5474250491067253436e+26);
INSERT INTO float32_scale VALUES(238,8388608,3.0948500982134506873e+26);
INSERT INTO float32_scale VALUES(239,8388608,6.1897001964269013746e+26);
INSERT INTO float32_scale VALUES(240,8388608,1.2379400392853802748e+27);
INSERT INTO float32_scale VALUES(241,8388608,2.4758800785707605496e+27);
INSERT INTO float32_scale VALUES(242,8388608,4.9517601571415210993e+27);
INSERT INTO float32_scale VALUES(243,8388608,9.9035203142830421987e+27);
INSERT INTO float32_scale VALUES(244,8388608,1.9807040628566084399e+28);
INSERT INTO float32_scale VALUES(245,8388608,3.9614081257132168797e+28);
INSERT INTO float32_scale VALUES(246,8388608,7.9228162514264337595e+28);
INSERT INTO float32_scale VALUES(247,8388608,1.5845632502852867518e+29);
INSERT INTO float32_scale VALUES(248,8388608,3.1691265005705735037e+29);
INSERT INTO float32_scale VALUES(249,8388608,6.3382530011411470074e+29);
INSERT INTO float32_scale VALUES(250,8388608,1.2676506002282294014e+30);
INSERT INTO float32_scale VALUES(251,8388608,2.5353012004564588028e+30);
INSERT INTO float32_scale VALUES(252,8388608,5.0706024009129176057e+30);
INSERT INTO float32_scale VALUES(253,8388608,1.0141204801825835211e+31);
INSERT INTO float32_scale VALUES(254,8388608,2.0282409603651670422e+31);
INSERT INTO float32_scale VALUES(255,8388608,NULL);
INSERT INTO float32_scale VALUES(256,0,-1.4012984643248170709e-45);
INSERT INTO float32_scale VALUES(257,8388608,-1.4012984643248170709e-45);
INSERT INTO float32_scale VALUES(258,8388608,-2.8025969286496341418e-45);
INSERT INTO float32_scale VALUES(259,8388608,-5.6051938572992682837e-45);
INSERT INTO float32_scale VALUES(260,8388608,-1.1210387714598536567e-44);
INSERT INTO float32_scale VALUES(261,8388608,-2.2420775429197073135e-44);
INSERT INTO float32_scale VALUES(262,8388608,-4.484155085839414627e-44);
INSERT INTO float32_scale VALUES(263,8388608,-8.968310171678829254e-44);
INSERT INTO float32_scale VALUES(264,8388608,-1.7936620343357658508e-43);
INSERT INTO float32_scale VALUES(265,8388608,-3.5873240686715317016e-43);
INSERT INTO float32_scale VALUES(266,8388608,-7.1746481373430634033e-43);
INSERT INTO float32_scale VALUES(267,8388608,-1.4349296274686126806e-42);
INSERT INTO float32_scale VALUES(268,8388608,-2.8698592549372253612e-42);
INSERT INTO float32_scale VALUES(269,8388608,-5.7397185098744507225e-42);
INSERT INTO float32_scale VALUES(270,8388608,-1.1479437019748901444e-41);
INSERT INTO float32_scale VALUES(271,8388608,-2.2958874039497802889e-41);
INSERT INTO float32_scale VALUES(272,8388608,-4.5917748078995605778e-41);
INSERT INTO float32_scale VALUES(273,8388608,-9.1835496157991211556e-41);
INSERT INTO float32_scale VALUES(274,8388608,-1.8367099231598242313e-40);
INSERT INTO float32_scale VALUES(275,8388608,-3.6734198463196484625e-40);
INSERT INTO float32_scale VALUES(276,8388608,-7.346839692639296925e-40);
INSERT INTO float32_scale VALUES(277,8388608,-1.469367938527859385e-39);
INSERT INTO float32_scale VALUES(278,8388608,-2.9387358770557187701e-39);
INSERT INTO float32_scale VALUES(279,8388608,-5.8774717541114375402e-39);
INSERT INTO float32_scale VALUES(280,8388608,-1.175494350822287508e-38);
INSERT INTO float32_scale VALUES(281,8388608,-2.3509887016445750161e-38);
INSERT INTO float32_scale VALUES(282,8388608,-4.7019774032891500322e-38);
INSERT INTO float32_scale VALUES(283,8388608,-9.4039548065783000645e-38);
INSERT INTO float32_scale VALUES(284,8388608,-1.8807909613156600128e-37);
INSERT INTO float32_scale VALUES(285,8388608,-3.7615819226313200256e-37);
INSERT INTO float32_scale VALUES(286,8388608,-7.5231638452626400513e-37);
INSERT INTO float32_scale VALUES(287,8388608,-1.5046327690525280102e-36);
INSERT INTO float32_scale VALUES(288,8388608,-3.0092655381050560205e-36);
INSERT INTO float32_scale VALUES(289,8388608,-6.0185310762101120411e-36);
INSERT INTO float32_scale VALUES(290,8388608,-1.2037062152420224082e-35);
INSERT INTO float32_scale VALUES(291,8388608,-2.4074124304840448164e-35);
INSERT INTO float32_scale VALUES(292,8388608,-4.8148248609680896329e-35);
INSERT INTO float32_scale VALUES(293,8388608,-9.6296497219361792659e-35);
INSERT INTO float32_scale VALUES(294,8388608,-1.9259299443872358531e-34);
INSERT INTO float32_scale VALUES(295,8388608,-3.8518598887744717063e-34);
INSERT INTO float32_scale VALUES(296,8388608,-7.7037197775489434127e-34);
INSERT INTO float32_scale VALUES(297,8388608,-1.5407439555097886825e-33);
INSERT INTO float32_scale VALUES(298,8388608,-3.081487911019577365e-33);
INSERT INTO float32_scale VALUES(299,8388608,-6.16297582203915473e-33);
INSERT INTO float32_scale VALUES(300,8388608,-1.2325951644078309459e-32);
INSERT INTO float32_scale VALUES(301,8388608,-2.4651903288156618919e-32);
INSERT INTO float32_scale VALUES(302,8388608,-4.9303806576313237838e-32);
INSERT INTO float32_scale VALUES(303,8388608,-9.8607613152626475677e-32);
INSERT INTO float32_scale VALUES(304,8388608,-1.9721522630525295135e-31);
INSERT INTO float32_scale VALUES(305,8388608,-3.9443045261050590269e-31);
INSERT INTO float32_scale VALUES(306,8388608,-7.8886090522101180539e-31);
INSERT INTO float32_scale VALUES(307,8388608,-1.5777218104420236107e-30);
INSERT INTO float32_scale VALUES(308,8388608,-3.1554436208840472215e-30);
INSERT INTO float32_scale VALUES(309,8388608,-6.310887241768094443e-30);
INSERT INTO float32_scale VALUES(310,8388608,-1.2621774483536188886e-29);
INSERT INTO float32_scale VALUES(311,8388608,-2.5243548967072377772e-29);
INSERT INTO float32_scale VALUES(312,8388608,-5.0487097934144755544e-29);
INSERT INTO float32_scale VALUES(313,8388608,-1.0097419586828951108e-28);
INSERT INTO float32_scale VALUES(314,8388608,-2.0194839173657902217e-28);
INSERT INTO float32_scale VALUES(315,8388608,-4.0389678347315804435e-28);
INSERT INTO float32_scale VALUES(316,8388608,-8.0779356694631608871e-28);
INSERT INTO float32_scale VALUES(317,8388608,-1.6155871338926321774e-27);
INSERT INTO float32_scale VALUES(318,8388608,-3.2311742677852643549e-27);
INSERT INTO float32_scale VALUES(319,8388608,-6.4623485355705287099e-27);
INSERT INTO float32_scale VALUES(320,8388608,-1.2924697071141057419e-26);
INSERT INTO float32_scale VALUES(321,8388608,-2.5849394142282114839e-26);
INSERT INTO float32_scale VALUES(322,8388608,-5.1698788284564229679e-26);
INSERT INTO float32_scale VALUES(323,8388608,-1.0339757656912845935e-25);
INSERT INTO float32_scale VALUES(324,8388608,-2.0679515313825691871e-25);
INSERT INTO float32_scale VALUES(325,8388608,-4.1359030627651383743e-25);
INSERT INTO float32_scale VALUES(326,8388608,-8.2718061255302767487e-25);
INSERT INTO float32_scale VALUES(327,8388608,-1.6543612251060553497e-24);
INSERT INTO float32_scale VALUES(328,8388608,-3.3087224502121106994e-24);
INSERT INTO float32_scale VALUES(329,8388608,-6.6174449004242213989e-24);
INSERT INTO float32_scale VALUES(330,8388608,-1.3234889800848442797e-23);
INSERT INTO float32_scale VALUES(331,8388608,-2.6469779601696885595e-23);
INSERT INTO float32_scale VALUES(332,8388608,-5.2939559203393771191e-23);
INSERT INTO float32_scale VALUES(333,8388608,-1.0587911840678754238e-22);
INSERT INTO float32_scale VALUES(334,8388608,-2.1175823681357508476e-22);
INSERT INTO float32_scale VALUES(335,8388608,-4.2351647362715016953e-22);
INSERT INTO float32_scale VALUES(336,8388608,-8.4703294725430033906e-22);
INSERT INTO float32_scale VALUES(337,8388608,-1.6940658945086006781e-21);
INSERT INTO float32_scale VALUES(338,8388608,-3.3881317890172013562e-21);
INSERT INTO float32_scale VALUES(339,8388608,-6.7762635780344027125e-21);
INSERT INTO float32_scale VALUES(340,8388608,-1.3552527156068805425e-20);
INSERT INTO float32_scale VALUES(341,8388608,-2.710505431213761085e-20);
INSERT INTO float32_scale VALUES(342,8388608,-5.42101086242752217e-20);
INSERT INTO float32_scale VALUES(343,8388608,-1.084202172485504434e-19);
INSERT INTO float32_scale VALUES(344,8388608,-2.168404344971008868e-19);
INSERT INTO float32_scale VALUES(345,8388608,-4.336808689942017736e-19);
INSERT INTO float32_scale VALUES(346,8388608,-8.673617379884035472e-19);
INSERT INTO float32_scale VALUES(347,8388608,-1.7347234759768070944e-18);
INSERT INTO float32_scale VALUES(348,8388608,-3.4694469519536141888e-18);
INSERT INTO float32_scale VALUES(349,8388608,-6.9388939039072283776e-18);
INSERT INTO float32_scale VALUES(350,8388608,-1.3877787807814456755e-17);
INSERT INTO float32_scale VALUES(351,8388608,-2.775557561562891351e-17);
INSERT INTO float32_scale VALUES(352,8388608,-5.5511151231257827021e-17);
INSERT INTO float32_scale VALUES(353,8388608,-1.1102230246251565404e-16);
INSERT INTO float32_scale VALUES(354,8388608,-2.2204460492503130808e-16);
INSERT INTO float32_scale VALUES(355,8388608,-4.4408920985006261616e-16);
INSERT INTO float32_scale VALUES(356,8388608,-8.8817841970012523233e-16);
INSERT INTO float32_scale VALUES(357,8388608,-1.7763568394002504646e-15);
INSERT INTO float32_scale VALUES(358,8388608,-3.5527136788005009293e-15);
INSERT INTO float32_scale VALUES(359,8388608,-7.1054273576010018587e-15);
INSERT INTO float32_scale VALUES(360,8388608,-1.4210854715202003717e-14);
INSERT INTO float32_scale VALUES(361,8388608,-2.8421709430404007434e-14);
INSERT INTO float32_scale VALUES(362,8388608,-5.6843418860808014869e-14);
INSERT INTO float32_scale VALUES(363,8388608,-1.1368683772161602973e-13);
INSERT INTO float32_scale VALUES(364,8388608,-2.2737367544323205947e-13);
INSERT INTO float32_scale VALUES(365,8388608,-4.5474735088646411895e-13);
INSERT INTO float32_scale VALUES(366,8388608,-9.0949470177292823791e-13);
INSERT INTO float32_scale VALUES(367,8388608,-1.8189894035458564758e-12);
INSERT INTO float32_scale VALUES(368,8388608,-3.6379788070917129516e-12);
INSERT INTO float32_scale VALUES(369,8388608,-7.2759576141834259033e-12);
INSERT INTO float32_scale VALUES(370,8388608,-1.4551915228366851806e-11);
INSERT INTO float32_scale VALUES(371,8388608,-2.9103830456733703613e-11);
INSERT INTO float32_scale VALUES(372,8388608,-5.8207660913467407226e-11);
INSERT INTO float32_scale VALUES(373,8388608,-1.1641532182693481445e-10);
INSERT INTO float32_scale VALUES(374,8388608,-2.328306436538696289e-10);
INSERT INTO float32_scale VALUES(375,8388608,-4.6566128730773925781e-10);
INSERT INTO float32_scale VALUES(376,8388608,-9.3132257461547851562e-10);
INSERT INTO float32_scale VALUES(377,8388608,-1.8626451492309570312e-09);
INSERT INTO float32_scale VALUES(378,8388608,-3.7252902984619140625e-09);
INSERT INTO float32_scale VALUES(379,8388608,-7.450580596923828125e-09);
INSERT INTO float32_scale VALUES(380,8388608,-1.490116119384765625e-08);
INSERT INTO float32_scale VALUES(381,8388608,-2.98023223876953125e-08);
INSERT INTO float32_scale VALUES(382,8388608,-5.9604644775390625e-08);
INSERT INTO float32_scale VALUES(383,8388608,-1.1920928955078125e-07);
INSERT INTO float32_scale VALUES(384,8388608,-2.384185791015625e-07);
INSERT INTO float32_scale VALUES(385,8388608,-4.76837158203125e-07);
INSERT INTO float32_scale VALUES(386,8388608,-9.5367431640625e-07);
INSERT INTO float32_scale VALUES(387,8388608,-1.9073486328125e-06);
INSERT INTO float32_scale VALUES(388,8388608,-3.814697265625e-06);
INSERT INTO float32_scale VALUES(389,8388608,-7.62939453125e-06);
INSERT INTO float32_scale VALUES(390,8388608,-1.52587890625e-05);
INSERT INTO float32_scale VALUES(391,8388608,-3.0517578125e-05);
INSERT INTO float32_scale VALUES(392,8388608,-6.103515625e-05);
INSERT INTO float32_scale VALUES(393,8388608,-0.0001220703125);
INSERT INTO float32_scale VALUES(394,8388608,-0.000244140625);
INSERT INTO float32_scale VALUES(395,8388608,-0.00048828125);
INSERT INTO float32_scale VALUES(396,8388608,-0.0009765625);
INSERT INTO float32_scale VALUES(397,8388608,-0.001953125);
INSERT INTO float32_scale VALUES(398,8388608,-0.00390625);
INSERT INTO float32_scale VALUES(399,8388608,-0.0078125);
INSERT INTO float32_scale VALUES(400,8388608,-0.015625);
INSERT INTO float32_scale VALUES(401,8388608,-0.03125);
INSERT INTO float32_scale VALUES(402,8388608,-0.0625);
INSERT INTO float32_scale VALUES(403,8388608,-0.125);
INSERT INTO float32_scale VALUES(404,8388608,-0.25);
INSERT INTO float32_scale VALUES(405,8388608,-0.5);
INSERT INTO float32_scale VALUES(406,8388608,-1.0);
INSERT INTO float32_scale VALUES(407,8388608,-2.0);
INSERT INTO float32_scale VALUES(408,8388608,-4.0);
INSERT INTO float32_scale VALUES(409,8388608,-8.0);
INSERT INTO float32_scale VALUES(410,8388608,-16.0);
INSERT INTO float32_scale VALUES(411,8388608,-32.0);
INSERT INTO float32_scale VALUES(412,8388608,-64.0);
INSERT INTO float32_scale VALUES(413,8388608,-128.0);
INSERT INTO float32_scale VALUES(414,8388608,-256.0);
INSERT INTO float32_scale VALUES(415,8388608,-512.0);
INSERT INTO float32_scale VALUES(416,8388608,-1024.0);
INSERT INTO float32_scale VALUES(417,8388608,-2048.0);
INSERT INTO float32_scale VALUES(418,8388608,-4096.0);
INSERT INTO float32_scale VALUES(419,8388608,-8192.0);
INSERT INTO float32_scale VALUES(420,8388608,-16384.0);
INSERT INTO float32_scale VALUES(421,8388608,-32768.0);
INSERT INTO float32_scale VALUES(422,8388608,-65536.0);
INSERT INTO float32_scale VALUES(423,8388608,-131072.0);
INSERT INTO float32_scale VALUES(424,8388608,-262144.0);
INSERT INTO float32_scale VALUES(425,8388608,-524288.0);
INSERT INTO float32_scale VALUES(426,8388608,-1048576.0);
INSERT INTO float32_scale VALUES(427,8388608,-2097152.0);
INSERT INTO float32_scale VALUES(428,8388608,-4194304.0);
INSERT INTO float32_scale VALUES(429,8388608,-8388608.0);
INSERT INTO float32_scale VALUES(430,8388608,-16777216.0);
INSERT INTO float32_scale VALUES(431,8388608,-33554432.0);
INSERT INTO float32_scale VALUES(432,8388608,-67108864.0);
INSERT INTO float32_scale VALUES(433,8388608,-134217728.0);
INSERT INTO float32_scale VALUES(434,8388608,-268435456.0);
INSERT INTO float32_scale VALUES(435,8388608,-536870912.0);
INSERT INTO float32_scale VALUES(436,8388608,-1073741824.0);
INSERT INTO float32_scale VALUES(437,8388608,-2147483648.0);
INSERT INTO float32_scale VALUES(438,8388608,-4294967296.0);
INSERT INTO float32_scale VALUES(439,8388608,-8589934592.0);
INSERT INTO float32_scale VALUES(440,8388608,-17179869184.0);
INSERT INTO float32_scale VALUES(441,8388608,-34359738368.0);
INSERT INTO float32_scale VALUES(442,8388608,-68719476736.0);
INSERT INTO float32_scale VALUES(443,8388608,-137438953472.0);
INSERT INTO float32_scale VALUES(444,8388608,-274877906944.0);
INSERT INTO float32_scale VALUES(445,8388608,-549755813888.0);
INSERT INTO float32_scale VALUES(446,8388608,-1099511627776.0);
INSERT INTO float32_scale VALUES(447,8388608,-2199023255552.0);
INSERT INTO float32_scale VALUES(448,8388608,-4398046511104.0);
INSERT INTO float32_scale VALUES(449,8388608,-8796093022208.0);
INSERT INTO float32_scale VALUES(450,8388608,-17592186044416.0);
INSERT INTO float32_scale VALUES(451,8388608,-35184372088832.0);
INSERT INTO float32_scale VALUES(452,8388608,-70368744177664.0);
INSERT INTO float32_scale VALUES(453,8388608,-140737488355328.0);
INSERT INTO float32_scale VALUES(454,8388608,-281474976710656.0);
INSERT INTO float32_scale VALUES(455,8388608,-562949953421312.0);
INSERT INTO float32_scale VALUES(456,8388608,-1125899906842624.0);
INSERT INTO float32_scale VALUES(457,8388608,-2251799813685248.0);
INSERT INTO float32_scale VALUES(458,8388608,-4503599627370496.0);
INSERT INTO float32_scale VALUES(459,8388608,-9007199254740992.0);
INSERT INTO float32_scale VALUES(460,8388608,-18014398509481984.0);
INSERT INTO float32_scale VALUES(461,8388608,-36028797018963968.0);
INSERT INTO float32_scale VALUES(462,8388608,-72057594037927936.0);
INSERT INTO float32_scale VALUES(463,8388608,-144115188075855872.0);
INSERT INTO float32_scale VALUES(464,8388608,-288230376151711744.0);
INSERT INTO float32_scale VALUES(465,8388608,-576460752303423488.0);
INSERT INTO float32_scale VALUES(466,8388608,-1152921504606846976.0);
INSERT INTO float32_scale VALUES(467,8388608,-2305843009213693952.0);
INSERT INTO float32_scale VALUES(468,8388608,-4611686018427387904.0);
INSERT INTO float32_scale VALUES(469,8388608,-9223372036854775808.0);
INSERT INTO float32_scale VALUES(470,8388608,-18446744073709551615.0);
INSERT INTO float32_scale VALUES(471,8388608,-36893488147419103231.0);
INSERT INTO float32_scale VALUES(472,8388608,-73786976294838206463.0);
INSERT INTO float32_scale VALUES(473,8388608,-1.4757395258967641293e+20);
INSERT INTO float32_scale VALUES(474,8388608,-2.9514790517935282587e+20);
INSERT INTO float32_scale VALUES(475,8388608,-5.9029581035870565173e+20);
INSERT INTO float32_scale VALUES(476,8388608,-1.1805916207174113034e+21);
INSERT INTO float32_scale VALUES(477,8388608,-2.3611832414348226068e+21);
INSERT INTO float32_scale VALUES(478,8388608,-4.7223664828696452137e+21);
INSERT INTO float32_scale VALUES(479,8388608,-9.4447329657392904275e+21);
INSERT INTO float32_scale VALUES(480,8388608,-1.8889465931478580854e+22);
INSERT INTO float32_scale VALUES(481,8388608,-3.7778931862957161708e+22);
INSERT INTO float32_scale VALUES(482,8388608,-7.5557863725914323417e+22);
INSERT INTO float32_scale VALUES(483,8388608,-1.5111572745182864683e+23);
INSERT INTO float32_scale VALUES(484,8388608,-3.0223145490365729366e+23);
INSERT INTO float32_scale VALUES(485,8388608,-6.0446290980731458733e+23);
INSERT INTO float32_scale VALUES(486,8388608,-1.2089258196146291747e+24);
INSERT INTO float32_scale VALUES(487,8388608,-2.4178516392292583494e+24);
INSERT INTO float32_scale VALUES(488,8388608,-4.8357032784585166989e+24);
INSERT INTO float32_scale VALUES(489,8388608,-9.6714065569170333978e+24);
INSERT INTO float32_scale VALUES(490,8388608,-1.9342813113834066794e+25);
INSERT INTO float32_scale VALUES(491,8388608,-3.8685626227668133589e+25);
INSERT INTO float32_scale VALUES(492,8388608,-7.737125245533626718e+25);
INSERT INTO float32_scale VALUES(493,8388608,-1.5474250491067253436e+26);
INSERT INTO float32_scale VALUES(494,8388608,-3.0948500982134506873e+26);
INSERT INTO float32_scale VALUES(495,8388608,-6.1897001964269013746e+26);
INSERT INTO float32_scale VALUES(496,8388608,-1.2379400392853802748e+27);
INSERT INTO float32_scale VALUES(497,8388608,-2.4758800785707605496e+27);
INSERT INTO float32_scale VALUES(498,8388608,-4.9517601571415210993e+27);
INSERT INTO float32_scale VALUES(499,8388608,-9.9035203142830421987e+27);
INSERT INTO float32_scale VALUES(500,8388608,-1.9807040628566084399e+28);
INSERT INTO float32_scale VALUES(501,8388608,-3.9614081257132168797e+28);
INSERT INTO float32_scale VALUES(502,8388608,-7.9228162514264337595e+28);
INSERT INTO float32_scale VALUES(503,8388608,-1.5845632502852867518e+29);
INSERT INTO float32_scale VALUES(504,8388608,-3.1691265005705735037e+29);
INSERT INTO float32_scale VALUES(505,8388608,-6.3382530011411470074e+29);
INSERT INTO float32_scale VALUES(506,8388608,-1.2676506002282294014e+30);
INSERT INTO float32_scale VALUES(507,8388608,-2.5353012004564588028e+30);
INSERT INTO float32_scale VALUES(508,8388608,-5.0706024009129176057e+30);
INSERT INTO float32_scale VALUES(509,8388608,-1.0141204801825835211e+31);
INSERT INTO float32_scale VALUES(510,8388608,-2.0282409603651670422e+31);
INSERT INTO float32_scale VALUES(511,8388608,NULL);
CREATE TABLE all_bytes (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  bytes BLOB NOT NULL CHECK (length(bytes) = 256)
) STRICT;
INSERT INTO all_bytes VALUES(1,X'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff');
CREATE TABLE data_statistics (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL CHECK (json_valid(text))
) STRICT, WITHOUT ROWID;
INSERT INTO data_statistics VALUES('9fdbf910ebdb0118d4a46c13795b9135d5a15b778636fc8c37c5085d99e4cb92','{"name":"glyphs","sha256":"d8c861922b9a70be4033b6e1ca6ff50f007d3375f02cb39eccafa285384f5465","shape":[1,28,28],"splits":{"train":{"n":180,"class_counts":[60,60,60],"intensity":[59587,6215,4580,3876,3731,3478,3525,3219,2807,2456,2290,2109,1888,1859,1451,1458,1234,1240,1005,919,837,793,733,668,598,564,476,389,275,204,148,106,151,153,115,128,135,144,135,149,158,122,135,109,139,129,125,115,157,120,123,143,164,145,122,112,131,118,151,137,150,124,145,113,118,140,145,142,134,133,158,152,140,152,132,144,151,135,154,139,137,121,142,138,136,122,150,156,155,133,150,138,165,151,163,135,148,124,134,138,138,145,139,132,151,154,139,140,147,142,138,158,130,143,142,162,112,134,143,130,138,170,143,140,140,141,129,149,151,150,142,146,151,139,135,140,167,138,141,143,153,151,158,173,162,155,173,163,153,148,148,158,129,131,102,120,131,141,137,129,118,110,123,124,115,120,130,137,129,113,124,117,125,122,122,136,129,109,101,129,116,129,130,116,105,130,115,155,115,109,119,91,122,103,122,94,170,128,121,109,106,103,95,71,83,86,87,72,90,86,65,73,77,77,81,57,57,65,55,52,50,54,54,63,57,68,63,58,60,65,73,83,83,61,62,59,75,75,67,48,31,38,34,41,31,32,50,53,53,45,38,55,51,48,14,111]},"validation":{"n":20,"class_counts":[7,7,6],"intensity":[6994,835,733,503,432,376,255,233,178,193,154,175,159,172,181,181,158,138,142,141,133,61,67,59,39,40,44,29,13,14,18,21,16,14,6,9,17,21,14,21,15,19,18,14,13,10,13,20,17,15,25,13,16,14,12,13,13,17,12,15,15,18,16,19,15,15,11,21,21,14,16,7,18,18,10,15,18,13,19,14,12,14,21,15,12,16,15,14,18,13,17,20,18,18,12,20,20,20,18,15,12,20,14,12,24,13,14,12,11,19,12,19,19,15,30,15,19,17,16,13,15,13,15,15,9,14,16,12,16,11,18,13,15,11,11,9,15,18,19,11,9,14,16,15,13,10,9,9,11,17,8,15,12,15,12,12,11,9,12,12,8,19,19,9,17,10,13,15,16,15,14,6,10,17,12,19,8,12,14,6,18,14,9,18,11,11,9,22,21,21,20,9,8,7,12,8,8,5,9,4,6,14,7,11,5,10,11,16,17,16,15,20,12,8,5,4,3,6,3,4,4,2,4,2,3,4,3,2,5,7,11,10,10,14,12,15,10,12,5,10,6,4,4,2,1,2,3,5,2,1,0,0,4,3,1,24]},"test":{"n":60,"class_counts":[20,20,20],"intensity":[19696,1900,1642,1562,1468,1427,1208,1016,849,860,815,645,652,583,551,474,398,374,335,268,253,253,204,136,142,164,114,106,74,57,45,53,36,59,46,50,33,36,60,48,36,38,36,47,43,48,39,37,36,50,38,48,47,47,39,41,41,45,59,54,53,45,49,51,59,46,64,45,42,47,40,37,52,33,51,41,32,56,36,49,43,41,63,39,45,47,42,48,42,40,44,43,47,54,50,32,38,40,53,46,49,38,42,58,37,62,31,36,40,42,40,38,42,44,49,38,35,45,46,40,36,39,60,45,45,47,28,43,33,27,45,52,50,43,45,54,50,51,49,40,45,43,47,49,45,57,43,56,50,50,43,51,38,45,42,42,58,43,53,41,40,36,46,47,39,36,50,27,39,41,25,40,42,23,45,41,32,44,30,36,37,26,30,40,29,32,36,35,33,46,52,60,62,73,65,69,35,35,34,22,22,25,23,34,18,26,27,20,22,23,35,33,30,87,35,32,34,31,24,28,28,28,14,21,15,22,14,28,19,18,25,13,11,12,17,16,18,15,20,26,18,22,20,19,22,14,13,14,19,16,8,24,16,14,13,128]}}}');
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
INSERT INTO ensembles VALUES(1,1,1,'golden, configuration 1','mean_probability','COMPLETED',2,'',1795254701271,1795254701841);
INSERT INTO ensembles VALUES(2,1,2,'golden, configuration 2','mean_probability','COMPLETED',2,'',1795254701271,1795254701947);
CREATE TABLE ensemble_members (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  position INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  checkpoint_name TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO ensemble_members VALUES(1,0,1,'');
INSERT INTO ensemble_members VALUES(1,1,2,'');
INSERT INTO ensemble_members VALUES(2,0,3,'');
INSERT INTO ensemble_members VALUES(2,1,4,'');
CREATE TABLE ensemble_left_out (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  i INTEGER NOT NULL,
  trial_id INTEGER NOT NULL REFERENCES trials (trial_id) DEFERRABLE INITIALLY DEFERRED,
  reason TEXT NOT NULL,
  PRIMARY KEY (ensemble_id, i)
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
INSERT INTO ensemble_evaluations VALUES(1,'test','majority_vote',0,60,3,0.5,14.633758344408756002,0.60208333333333330372,0.40491062914998005028,0.41318681318681321767,0.43333333333333334813,0.98333333333333328152,0.58166666666666666518,0.37546296296296299832,0.40000000000000007771,0.5,1,0.48333333333333333703,0.40833333333333332593,0.4000000000000000222,0.41666666666666668517);
INSERT INTO ensemble_evaluations VALUES(1,'test','mean_logit',0,60,3,0.5,1.0902527887902921932,0.64333333333333342363,0.51399362038909590655,0.41318681318681321767,0.14518244151127135399,0.66076236953298905785,0.57874999999999998667,0.45588518791831400545,0.40000000000000007771,0.5,1,0.48333333333333333703,0.40833333333333332593,0.4000000000000000222,0.41666666666666668517);
INSERT INTO ensemble_evaluations VALUES(1,'test','mean_probability',1,60,3,0.5,1.0900418889907035335,0.64708333333333334369,0.52060133524111096292,0.41318681318681321767,0.14519155449959603165,0.66062075042853485307,0.58027777777777778123,0.45707127714664802509,0.40000000000000007771,0.5,1,0.48333333333333333703,0.40833333333333332593,0.4000000000000000222,0.41666666666666668517);
INSERT INTO ensemble_evaluations VALUES(2,'test','majority_vote',0,60,3,0.69999999999999995559,5.1134781183987190189,0.72000000000000008437,0.53428941495297310737,0.70189393939393929233,0.13333333333333333148,0.56666666666666665186,0.71666666666666667406,0.51825396825396830013,0.79420024420024415423,0.70000000000000006661,1,0.53333333333333332593,0.5,0.86666666666666669627,0.13333333333333333148);
INSERT INTO ensemble_evaluations VALUES(2,'test','mean_logit',0,60,3,0.56666666666666665186,1.0480079423043702213,0.94249999999999989341,0.92139897592758279731,0.54634254634254642013,0.20643558035938341932,0.63244181603484284082,0.81402777777777779455,0.6879474421300918463,0.81159420289855077612,0.56666666666666665186,1,0.53333333333333332593,0.5,0.86666666666666669627,0.13333333333333333148);
INSERT INTO ensemble_evaluations VALUES(2,'test','mean_probability',1,60,3,0.59999999999999997779,1.0477769040464672833,0.94291666666666673624,0.92142330030995245326,0.59219434488251687653,0.24067151702134950697,0.63225799495048984333,0.82611111111111112936,0.70453211032147189385,0.7871572871572872776,0.59999999999999997779,1,0.53333333333333332593,0.5,0.86666666666666669627,0.13333333333333333148);
CREATE TABLE ensemble_weights (
  ensemble_id INTEGER NOT NULL
    REFERENCES ensembles (ensemble_id) DEFERRABLE INITIALLY DEFERRED,
  combine TEXT NOT NULL,
  position INTEGER NOT NULL,
  weight REAL NOT NULL,
  PRIMARY KEY (ensemble_id, combine, position)
) STRICT, WITHOUT ROWID;
INSERT INTO ensemble_weights VALUES(1,'majority_vote',0,0.5);
INSERT INTO ensemble_weights VALUES(1,'majority_vote',1,0.5);
INSERT INTO ensemble_weights VALUES(1,'mean_logit',0,0.5);
INSERT INTO ensemble_weights VALUES(1,'mean_logit',1,0.5);
INSERT INTO ensemble_weights VALUES(1,'mean_probability',0,0.5);
INSERT INTO ensemble_weights VALUES(1,'mean_probability',1,0.5);
INSERT INTO ensemble_weights VALUES(2,'majority_vote',0,0.5);
INSERT INTO ensemble_weights VALUES(2,'majority_vote',1,0.5);
INSERT INTO ensemble_weights VALUES(2,'mean_logit',0,0.5);
INSERT INTO ensemble_weights VALUES(2,'mean_logit',1,0.5);
INSERT INTO ensemble_weights VALUES(2,'mean_probability',0,0.5);
INSERT INTO ensemble_weights VALUES(2,'mean_probability',1,0.5);
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
INSERT INTO ensemble_ablation VALUES(1,'test',0,0.33333333333333331482,0.48333333333333333703,1.0944903086738742015,1.0869195761087675489);
INSERT INTO ensemble_ablation VALUES(1,'test',1,0.48333333333333333703,0.33333333333333331482,1.0869195761087675489,1.0944903086738742015);
INSERT INTO ensemble_ablation VALUES(2,'test',0,0.46666666666666667406,0.53333333333333332593,1.0710169849137343156,1.0379966842803483029);
INSERT INTO ensemble_ablation VALUES(2,'test',1,0.53333333333333332593,0.46666666666666667406,1.0379966842803483029,1.0710169849137343156);
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
INSERT INTO ensemble_pairs VALUES(1,'test',0,1,0.4000000000000000222,0.41666666666666668517);
INSERT INTO ensemble_pairs VALUES(2,'test',0,1,0.86666666666666669627,0.13333333333333333148);
CREATE INDEX attempts_by_trial ON attempts (trial_id, attempt_id);
CREATE INDEX epochs_by_epoch ON epochs (attempt_id, epoch, seq);
CREATE INDEX checkpoints_by_attempt ON checkpoints (attempt_id, step);
CREATE INDEX checkpoints_by_name ON checkpoints (name);
CREATE INDEX evaluations_by_checkpoint ON evaluations (checkpoint_name);
CREATE INDEX events_by_subject ON events (subject, seq);
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
  e.message
FROM experiments AS e
LEFT JOIN documents AS d ON d.experiment_id = e.experiment_id;
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
CREATE VIEW v_roc AS
SELECT evaluation_id, class, i, x AS fpr, y AS tpr, threshold
FROM curve_points
WHERE curve = 'roc';
CREATE VIEW v_pr AS
SELECT evaluation_id, class, i, x AS recall, y AS precision, threshold
FROM curve_points
WHERE curve = 'pr';
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
CREATE VIEW v_events AS
SELECT
  seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', at_ms / 1000.0, 'unixepoch') AS at,
  kind,
  subject,
  detail
FROM events;
CREATE VIEW v_workers AS
SELECT node_id, name, pool, state, slots
FROM nodes;
CREATE INDEX ensembles_by_experiment ON ensembles (experiment_id);
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
COMMIT;
PRAGMA application_id = 1414878281;
PRAGMA user_version = 2;
