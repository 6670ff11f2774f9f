"""The check of a notice as one JSON object: what `notice check --json` prints and the page hands out."""

from typing import Any

from hatchmark.domain.published_notices import IdentityProposal, NoticeCheck


def document_of(check: NoticeCheck, *, file: str) -> dict[str, Any]:
    """Return a check as a JSON object; `file` is the word that named the file."""
    notice = check.notice
    return {
        "file": file,
        "issuer": notice.issuer,
        "year": notice.year,
        "document_number": notice.document_number,
        "claims": [
            {
                "text": claim.text,
                "kind": claim.kind,
                "label": claim.label,
                "outcome": claim.outcome,
                "count": claim.count,
                "relation": claim.relation.value,
                "scope": claim.scope.value,
            }
            for claim in check.claims
        ],
        "tables": [
            {"title": table.title, "kind": table.kind, "rows": len(table.rows), "outcomes": dict(tally)}
            for table, tally in zip(notice.tables, check.tallies, strict=True)
        ],
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "message": finding.message,
                "claims": list(finding.claims),
                "table": finding.table,
                "rows": list(finding.rows),
            }
            for finding in check.findings
        ],
        "proposals": [
            {
                **_tables_of(proposal),
                "rows": [row for _, row in proposal.rows],
                "what": proposal.what.value,
                "reasons": list(proposal.reasons),
            }
            for proposal in check.proposals
        ],
        "verdict": check.verdict.value,
    }


def _tables_of(proposal: IdentityProposal) -> dict[str, int | list[int]]:
    """Return the table of the first row; where the rows stand in several tables, the table of each as well."""
    tables = [table for table, _ in proposal.rows]
    return {"table": tables[0]} if len(set(tables)) == 1 else {"table": tables[0], "tables": tables}
