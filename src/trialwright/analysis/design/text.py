"""The page as plain text for a terminal."""

from trialwright.analysis.design.page import DesignPage, NumberTable, Statement, shown, shown_value
from trialwright.analysis.design.wording import whole


def render_design_text(page: DesignPage, language: str = "en") -> str:
    lines = [page.title.in_language(language), ""]
    lines += [f"  {label.in_language(language)}: {whole(planned).in_language(language)}" for _, label, planned in page.arms]
    lines += [f"  {page.asked.in_language(language)}"] if page.asked else []
    for statement in page.statements:
        lines += ["", *_statement(statement, language)]
    return "\n".join(lines) + "\n"


def _statement(statement: Statement, language: str) -> list[str]:
    lines = [statement.title.in_language(language), f"  {statement.plain.in_language(language)}"]
    lines += [f"    {number.label.in_language(language)}: {shown(number).in_language(language)}" for number in statement.numbers]
    for table in statement.tables:
        lines += _table(table, language)
    return [*lines, f"    [{statement.method.in_language(language)} {statement.source}]"]


def _table(table: NumberTable, language: str) -> list[str]:
    """Each row in one line: what is changed, then the numbers with their names."""
    between = "؛ " if language == "fa" else "; "
    lines = [f"    {table.title.in_language(language)}"]
    for label, values in table.rows:
        named = (
            f"{column.in_language(language)} {shown_value(value, kind).in_language(language)}"
            for column, kind, value in zip(table.columns, table.kinds, values, strict=True)
        )
        lines.append(f"      {label.in_language(language)}: {between.join(named)}")
    return lines
