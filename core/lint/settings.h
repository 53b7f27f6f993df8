// settings.h -- `lint:` of cmigrate.yaml, with its rules, levels and limits.
#ifndef CORE_LINT_SETTINGS_H
#define CORE_LINT_SETTINGS_H

#include "core/config/config_read.h"
#include "core/lint/lint.h"
#include "core/yaml/keys.h"

// The settings of a project; what it does not set has its default. ERR_CONFIG with every fault, placed: an unknown key, rule,
// group or level.
bool lint_settings_read(Arena *arena, const Config *config, LintSettings *out, Error *err) MUST_USE;

const char *lint_base(const Config *config); // `base:`, a branch or commit; NULL: not set
// The depth of that word; false: no such word.
bool lint_depth_named(const char *word, LintDepth *out) MUST_USE;
// The word of a depth, as the configuration has it.
const char *lint_depth_word(LintDepth depth);

// The keys of `lint:` in cmigrate.yaml, and of `ignore:` in it.
extern const KeyMap lint_settings_keys_map, lint_ignore_keys_map;

#endif
