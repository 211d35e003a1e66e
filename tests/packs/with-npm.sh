#!/bin/sh
# Runs a command that finds the judging npm packages in SHIKAKU_NPM: with-npm.sh node judge_fhir_base.js ...
set -eu
SHIKAKU_NPM=$(sh "$(dirname "$0")/../setup/npm-judges.sh")
export SHIKAKU_NPM
exec "$@"
