#!/bin/bash
# A trainer without Python, JSON library or socket: fits y = a x + b by gradient descent, in awk.
# Shows all that a shell needs (docs/records.md): variables, a FIFO, a file.
set -u

# Sampled values: hyperparameters.lr is TUTTI_HP_LR.
lr=$TUTTI_HP_LR
points=${TUTTI_HP_POINTS:-200}

# Some values make no sense: no restart, the searcher proposes others.
if [ "$points" -lt 2 ]; then
  echo '{"type": "invalid_hparams", "message": "a line needs two points"}' > "$TUTTI_REPORT"
  exit 0
fi

# From scratch, or from the files of a checkpoint.
a=0 b=0
if [ -n "$TUTTI_CHECKPOINT" ]; then
  read -r a b < "$TUTTI_CHECKPOINT/line.txt"
fi
epoch=$TUTTI_CHECKPOINT_EPOCH

while [ "$epoch" -lt "$TUTTI_MAX_TIME" ]; do
  epoch=$((epoch + 1))
  # One pass over noisy points of y = 3 x - 1, and the loss on others.
  read -r a b loss < <(awk -v a="$a" -v b="$b" -v lr="$lr" -v n="$points" \
                           -v seed="$((TUTTI_SEED + epoch))" '
    function noise() { return (rand() + rand() + rand() + rand() - 2) * 0.1 }
    BEGIN {
      srand(seed)
      for (i = 0; i < n; ++i) {
        x = 2 * rand() - 1; e = a * x + b - (3 * x - 1 + noise())
        a -= lr * e * x; b -= lr * e
      }
      for (i = 0; i < 100; ++i) { x = i / 50 - 1; e = a * x + b - (3 * x - 1); sum += e * e }
      print a, b, sum / 100
    }')
  echo "epoch $epoch: y = $a x + $b, loss $loss"
  echo "{\"epoch\": $epoch, \"metrics\": {\"validation_loss\": \"$loss\"}}" > "$TUTTI_REPORT"

  # A directory that is handed over: it is gone when it has become a checkpoint.
  directory=$TUTTI_SCRATCH/$epoch
  mkdir "$directory"
  echo "$a $b" > "$directory/line.txt"
  echo "{\"type\": \"checkpoint\", \"path\": \"$directory\"}" > "$TUTTI_REPORT"

  # Stopped early, paused, or to be held here: leave; the exit code 0 says that all is well.
  if [ -e "$TUTTI_STOP" ]; then
    echo "asked to stop: $(cat "$TUTTI_STOP")"
    exit 0
  fi
  if [ "$TUTTI_RUN_UNTIL" -gt 0 ] && [ "$epoch" -ge "$TUTTI_RUN_UNTIL" ]; then
    exit 0
  fi
  sleep "${FIT_LINE_SLEEP:-0}"
done
