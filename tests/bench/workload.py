"""What bench.py measures with: models, the same as SQL, and histories of revisions, made of nothing but a number.

Every table has ten columns, a key, a foreign key to an earlier table, a unique constraint and two indexes.
"""
import os

COLUMNS = [
    # name, type in the model, nullable, {engine: type}
    ("id", "integer", False, {"sqlite": "INTEGER", "postgresql": "SERIAL", "mysql": "INTEGER"}),
    ("owner_id", "integer", True, {}),
    ("code", "string(40)", False, {}),
    ("title", "string(120)", False, {}),
    ("state", "string(20)", False, {}),
    ("price", "numeric(12,2)", False, {}),
    ("amount", "bigint", True, {}),
    ("visible", "boolean", False, {"mysql": "BOOL"}),
    ("changed_at", "datetime", False, {"postgresql": "TIMESTAMP", "mysql": "DATETIME"}),
    ("remark", "text", True, {}),
]


def table(i):
    return f"thing_{i:05d}"


def owner(i):
    return table(i // 2)


def model(count):
    out = ["tables:"]
    for i in range(count):
        t = table(i)
        out.append(f"  {t}:\n    columns:")
        for name, kind, nullable, _ in COLUMNS:
            more = ", primary_key: true" if name == "id" else "" if nullable else ", nullable: false"
            more += ", default: new" if name == "state" else ""
            out.append(f'      {name}: {{type: "{kind}"{more}}}')
        out.append(f"    foreign_keys:\n      fk_{t}_owner: {{columns: [owner_id], references: {owner(i)}(id)}}")
        out.append(f"    unique:\n      uq_{t}_code: {{columns: [code]}}")
        out.append(f"    indexes:\n      ix_{t}_owner: {{columns: [owner_id]}}\n      ix_{t}_recent: {{columns: [state, changed_at]}}")
    return "\n".join(out) + "\n"


def models(count):
    """The same for Alembic: a module with SQLAlchemy's metadata."""
    kinds = {"integer": "Integer", "bigint": "BigInteger", "boolean": "Boolean", "datetime": "DateTime", "text": "Text",
             "numeric(12,2)": "Numeric(12, 2)"}
    out = ["from sqlalchemy import *", "metadata = MetaData()"]
    for i in range(count):
        t = table(i)
        columns = []
        for name, kind, nullable, _ in COLUMNS:
            type_ = kinds.get(kind) or kind.capitalize()
            more = ", primary_key=True" if name == "id" else f", nullable={nullable}"
            more += ", server_default='new'" if name == "state" else ""
            columns.append(f"Column('{name}', {type_}{more})")
        out.append(
            f"Table('{t}', metadata, {', '.join(columns)}, "
            f"ForeignKeyConstraint(['owner_id'], ['{owner(i)}.id'], name='fk_{t}_owner'), "
            f"UniqueConstraint('code', name='uq_{t}_code'), Index('ix_{t}_owner', 'owner_id'), "
            f"Index('ix_{t}_recent', 'state', 'changed_at'))")
    return "\n".join(out) + "\n"


def revisions(folder, count):
    """A linear history of small revisions."""
    os.makedirs(folder)
    parent = ""
    for i in range(count):
        me = f"{i + 1:012x}"
        with open(os.path.join(folder, f"{i:06d}_{me}_step.sql"), "w") as f:
            f.write(f"-- cmigrate: revision {me}\n-- cmigrate: parents {parent}\n-- cmigrate: message step {i}\n"
                    f"-- cmigrate: created 2026-01-01T00:00:00Z\n\n-- cmigrate: upgrade\n"
                    f"CREATE TABLE step_{i:06d} (id INTEGER NOT NULL PRIMARY KEY);\n\n"
                    f"-- cmigrate: downgrade\nDROP TABLE step_{i:06d};\n")
        parent = me


def alembic_revisions(folder, count):
    os.makedirs(folder)
    parent = None
    for i in range(count):
        me = f"{i + 1:012x}"
        with open(os.path.join(folder, f"{me}_step.py"), "w") as f:
            f.write(f'"""step {i}"""\nfrom alembic import op\n\nrevision = "{me}"\ndown_revision = {parent!r}\n'
                    f"branch_labels = None\ndepends_on = None\n\n\ndef upgrade():\n"
                    f'    op.execute("CREATE TABLE step_{i:06d} (id INTEGER NOT NULL PRIMARY KEY)")\n\n\n'
                    f'def downgrade():\n    op.execute("DROP TABLE step_{i:06d}")\n')
        parent = me
