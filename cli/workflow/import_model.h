// import_model.h -- the model of another tool (SQLAlchemy, Django, Prisma, Drizzle), by way of its own SQL.
//
// The tool is called where it is installed and says what it would create; that SQL is run in a scratch place and read back. There
// is no reader of Python's or TypeScript's models here.
#ifndef CLI_WORKFLOW_IMPORT_MODEL_H
#define CLI_WORKFLOW_IMPORT_MODEL_H

#include "cli/workflow/project.h"

bool import_model_knows(const char *tool); // is it one of them?
extern const char import_model_words[];    // "sqlalchemy, django, prisma or drizzle"

// Prints the model. `argument`: what follows the tool's word (NULL: nothing); `program`: how the tool is called (NULL: as usual).
bool import_model_print(Session *session, const char *tool, const char *argument, const char *program,
                        Error *err) MUST_USE;

#endif
