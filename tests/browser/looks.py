"""Every page of the site as somebody sees it: address, people, rows. A page that stands nowhere here fails a test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from zhitong.orgs.signin import urls as signin_urls

FIRM_STATES = (
    "submitted returned accepted handling answered reviewed rated closed withdrawn rich late "
    "refused objected suspended planned ask_plan"
)
OFFICERS = "district handler head chief leader sysadmin secadmin auditor"
# (page, people, rows or queries); each person looks at each row
PAGES = [
    # the firm's face: with rows, with nothing, without a firm
    ("portal:home", "firm_a firm_b nofirm", ""),
    ("portal:notices", "firm_a firm_b", ""),
    ("portal:me", "firm_a nofirm", ""),
    ("notices:choose", "firm_a handler nofirm", ""),
    ("notices:address", "firm_a handler", ""),
    ("notices:confirm", "firm_a handler", ""),
    ("notices:deliveries", "sysadmin", " ?channel=sms&state=failed"),
    ("cases:submit", "firm_a", ""),
    ("cases:list", "firm_a firm_b", ""),
    ("cases:detail", "firm_a", FIRM_STATES),
    ("cases:supplement", "firm_a", "returned"),
    ("cases:withdraw", "firm_a", "submitted"),
    ("cases:urge", "firm_a", "handling"),
    ("cases:append", "firm_a", "closed"),
    ("feedback:rate", "firm_a", "reviewed"),
    ("cases:print", "firm_a", "rich"),
    # the office's face
    ("workbench:home", f"{OFFICERS} worker other", ""),
    ("workbench:notices", "district worker", ""),
    ("cases:list", f"{OFFICERS} worker", ""),
    ("cases:list", "district", "?q=nothing-like-it ?late=on&state=dispatched"),
    (
        "cases:detail",
        "dispatcher",
        "submitted accepted dispatched reviewed rated closed withdrawn returned rich late",
    ),
    ("cases:detail", "handler", "dispatched handling unassigned answered rich closed"),
    ("cases:detail", "head", "answered unassigned handling"),
    ("cases:detail", "leader", "rich closed"),
    ("cases:detail", "chief", "answered"),
    ("cases:print", "handler", "rich closed"),
    ("cases:accept", "district", "submitted"),
    ("cases:return", "district", "submitted"),
    ("cases:link_firm", "district", "accepted"),
    ("cases:dispatch", "district", "accepted"),
    ("cases:redispatch", "district", "handling"),
    ("cases:reclassify", "district", "handling"),
    ("cases:close", "district", "rated"),
    ("cases:assign", "head", "unassigned"),
    ("cases:start", "handler", "dispatched"),
    ("cases:note", "handler", "rich"),
    ("cases:answer", "handler", "handling"),
    ("cases:approve", "head", "answered"),
    ("cases:reject", "head", "answered"),
    ("cases:plans", "district worker", ""),
    ("cases:detail", "district", "refused objected suspended planned ask_extension ask_suspension ask_plan"),
    ("cases:detail", "handler", "suspended planned ask_plan"),
    ("cases:detail", "head", "signed"),
    ("cases:detail", "handler district", "case_of_part_returned"),
    ("cases:detail", "worker", "case_of_part"),
    ("cases:ask_help", "handler", "handling"),
    ("cases:merge", "district", "accepted"),
    ("cases:alike", "district", "accepted"),
    ("cases:detail", "district handler", "merged handling"),
    ("cases:many", "district", "?step=dispatch ?step=remind"),
    ("cases:separate", "district", "merged"),
    ("cases:split", "district", "accepted"),
    ("cases:pass_up", "district", "submitted"),
    ("cases:lead_sheet", "district", "rich"),
    ("cases:categorise", "district handler", "handling"),
    ("cases:detail", "district", "urgent"),
    ("cases:call", "district", "call call_unit"),
    ("feedback:visit", "district", "closed"),
    ("feedback:expect", "handler", "closed"),
    ("feedback:effects", "handler district other", ""),
    ("feedback:thanks", "handler district other", " ?withdrawn=on"),
    ("feedback:thank", "handler firm_a", "closed"),
    ("feedback:withdraw_thanks", "handler", "thanks"),
    ("feedback:effect_there", "handler firm_a", "effect_expected"),
    ("feedback:effect_look", "handler", "effect_expected"),
    ("feedback:effect_drop", "head", "effect_expected"),
    ("feedback:effect_confirm", "firm_a district", "effect_there"),
    ("feedback:effect_deny", "firm_a", "effect_there"),
    ("feedback:exclude", "district", "closed"),
    ("feedback:visits", "district other", ""),
    ("feedback:exclusions", "district supervisor", ""),
    ("feedback:exclusion", "supervisor", "exclusion"),
    ("feedback:figures", "supervisor head", "?begin=2026-01-01&end=2027-12-31&group=department"),
    ("feedback:rows", "supervisor", "?begin=2026-01-01&end=2027-12-31&group=kind&figure=received"),
    ("orgs:roster", "head auditor", ""),
    ("orgs:new_duty", "head", ""),
    ("cases:take_assist", "worker", "part"),
    ("cases:answer_assist", "worker", "part"),
    ("cases:assign_assist", "workhead", "part"),
    ("cases:return_assist", "worker", "part"),
    ("cases:insist_assist", "handler", "part_returned"),
    ("cases:cancel_assist", "district", "part"),
    ("cases:refuse", "district", "submitted"),
    ("cases:overrule", "district", "objected"),
    ("cases:uphold", "district", "objected"),
    ("cases:grant_extension", "district", "ask_extension"),
    ("cases:grant_suspension", "district", "ask_suspension"),
    ("cases:grant_plan", "district", "ask_plan"),
    ("cases:decline", "district", "ask_plan"),
    ("cases:remind", "leader", "handling"),
    ("cases:reopen", "district", "closed"),
    ("cases:object", "handler", "dispatched"),
    ("cases:transfer", "head", "handling"),
    ("cases:contact", "handler", "handling"),
    ("cases:ask_extension", "handler", "handling"),
    ("cases:ask_suspension", "handler", "handling"),
    ("cases:ask_plan", "handler", "handling"),
    ("cases:resume", "handler", "suspended"),
    ("cases:stage", "handler", "planned"),
    ("cases:take_up", "handler", "planned"),
    ("cases:review", "head", "signed"),
    # drafts
    ("drafts:list", "district handler", " ?remark=error ?state=dropped"),
    ("drafts:mails", "district", " ?outcome=reply"),
    ("drafts:lots", "district handler", ""),
    ("drafts:paste", "district", ""),
    ("drafts:sheet", "district", ""),
    ("drafts:draft", "district", "draft draft_entered draft_twin"),
    ("drafts:enter", "district", "draft"),
    ("drafts:many", "district", "?step=enter ?step=drop"),
    # units without accounts
    ("reports:ledger", "district handler", "?by=received"),
    ("reports:ledger", "other", "?q=nothing-of-the-kind"),
    ("reports:templates", "district other", ""),
    ("reports:add", "district", ""),
    ("reports:template", "district", "template"),
    ("reports:withdraw", "district", "template"),
    ("reports:list", "district head", ""),
    ("reports:report", "district", "made_report"),
    ("replies:list", "district worker", ""),
    ("replies:link", "district", "outside"),
    ("replies:paper", "district", "outside"),
    ("replies:receive_sheet", "district", "outside_unit"),
    ("replies:sheet", "district", "sheet"),
    ("replies:sheet", "district", "entered_sheet"),
    ("replies:take", "handler", "reply"),
    ("replies:refuse", "handler", "reply"),
    ("reply", "visitor", "link"),
    # supervision
    ("supervision:list", "leader handler worker supervisor", " ?standing=overdue&kind=order"),
    ("supervision:instruct", "leader", "?cases=1,2"),
    ("supervision:order", "supervisor", ""),
    ("supervision:detail", "leader supervisor handler worker", "matter matter_done spoken"),
    ("supervision:print", "leader", "matter"),
    ("supervision:leader", "leader district", ""),
    ("supervision:propose", "district", "dispatched"),
    ("supervision:referral", "leader district", "referral referral_decided"),
    ("supervision:decide", "leader", "referral"),
    ("supervision:withdraw_referral", "district", "referral"),
    ("supervision:samples", "supervisor leader", ""),
    ("supervision:sample", "supervisor", "sample"),
    ("supervision:check", "supervisor", "check"),
    ("supervision:weeks", "district supervisor handler", ""),
    ("supervision:week", "district supervisor leader handler", "week"),
    ("supervision:add_to_week", "district", "week"),
    ("supervision:take_off", "district", "listed"),
    ("supervision:say_why", "handler", "listed"),
    ("supervision:transcribe", "supervisor", "spoken"),
    ("supervision:sign", "worker", "task"),
    ("supervision:report", "handler", "task_signed"),
    ("supervision:close_report", "handler", "task_signed"),
    ("supervision:clear", "supervisor", "task_reported"),
    ("supervision:send_back", "leader", "task_reported"),
    ("supervision:remind", "leader", "task"),
    ("supervision:cancel", "leader", "task"),
    # the register
    ("enterprises:list", "district handler", "?size= ?lacks=phone ?q=nothing-like-it&c=code&c=titles"),
    ("enterprises:new", "district", ""),
    ("enterprises:detail", "district handler leader", "register:firm register:parent"),
    ("enterprises:detail", "firm_a", "register:firm"),
    ("enterprises:print", "handler", "register:firm"),
    ("enterprises:fact_history", "handler firm_a", "register:fact_history"),
    ("enterprises:contacts", "handler firm_a", "register:firm"),
    ("enterprises:invite", "district", "register:firm"),
    ("enterprises:phone", "leader", "register:caller"),
    ("enterprises:fact", "district firm_a", "register:firm"),
    ("enterprises:rest", "firm_a", "register:firm"),
    ("enterprises:change", "dispatcher", "register:firm"),
    ("enterprises:title", "dispatcher", "register:firm"),
    ("enterprises:patent", "dispatcher", "register:firm"),
    ("enterprises:standard", "dispatcher", "register:firm"),
    ("enterprises:credit", "dispatcher", "register:firm"),
    ("enterprises:relation", "dispatcher", "register:firm"),
    ("enterprises:merge", "dispatcher", "register:firm"),
    ("enterprises:member", "dispatcher", "register:firm"),
    ("enterprises:administrator", "dispatcher", "register:firm"),
    ("enterprises:person", "dispatcher", "register:firm"),
    ("enterprises:sponsor", "dispatcher", "register:firm"),
    ("enterprises:plan", "dispatcher", "register:firm"),
    ("enterprises:record", "dispatcher", "register:firm"),
    ("enterprises:confirm_fact", "dispatcher", "register:fact"),
    ("enterprises:withdraw_title", "dispatcher", "register:title"),
    ("enterprises:end_relation", "dispatcher", "register:relation"),
    ("enterprises:end_sponsorship", "dispatcher", "register:sponsorship"),
    ("enterprises:end_person", "dispatcher", "register:caller"),
    ("enterprises:unseat", "dispatcher", "register:seat"),
    ("enterprises:withdraw_invitation", "dispatcher", "register:invitation"),
    ("enterprises:finish_contact", "dispatcher", "register:contact"),
    ("enterprises:cancel_contact", "dispatcher", "register:contact"),
    ("enterprises:split", "dispatcher", "register:merge"),
    ("enterprises:unseat", "firm_a", "register:seat"),
    ("enterprises:imports", "district other", ""),
    ("enterprises:import", "district", "register:waiting register:running register:done"),
    ("enterprises:twins", "district other", ""),
    ("enterprises:tokens", "sysadmin", ""),
    ("webhooks:list", "sysadmin", ""),
    ("webhooks:subscription", "sysadmin", "hook"),
    ("enterprises:join", "visitor nofirm", ""),
    ("enterprises:privacy", "visitor firm_a", ""),
    # settings
    ("orgs:index", OFFICERS, ""),
    ("orgs:departments", "handler sysadmin", ""),
    ("orgs:new_department", "sysadmin", ""),
    ("orgs:department", "sysadmin", "unit"),
    ("orgs:permissions", "handler", ""),
    ("orgs:audit", "auditor", " ?page=2"),
    ("orgs:staff", "sysadmin secadmin", ""),
    ("orgs:new_staff", "sysadmin", ""),
    ("orgs:member", "sysadmin secadmin handler", "person"),
    ("orgs:add_post", "secadmin", "person"),
    ("orgs:end_post", "secadmin", "posting"),
    ("orgs:set_password", "sysadmin", "person"),
    ("orgs:leave", "sysadmin", "person"),
    ("orgs:delegate", "handler", "person"),
    ("orgs:calendar", "handler sysadmin", " ?year=1999"),
    ("orgs:new_day", "sysadmin", ""),
    ("orgs:load_year", "sysadmin", ""),
    # signing in
    ("account_login", "visitor", ""),
    ("account_request_login_code", "visitor", ""),
    ("account_change_password", "firm_a handler nofirm", ""),
    ("account_reauthenticate", "firm_a", ""),
    ("mfa_activate_totp", "newcomer", ""),
    ("mfa_deactivate_totp", "coder", ""),
    ("mfa_view_recovery_codes", "coder", ""),
    ("mfa_generate_recovery_codes", "handler coder", ""),
    ("socialaccount_connections", "firm_a", ""),
]
# pages that stand behind a step of their own; test_axe.py has a test for each
BEHIND_A_STEP = {"account_confirm_login_code", "mfa_authenticate", "mfa_reauthenticate"}
# addresses that are there only where a city has switched them on, as the town of the tests has
OUTSIDE_ACCOUNTS = ["openid_connect", "weixin"]
OUTSIDE = {"socialaccount_connections": "/sign-in/connections/"}
NO_PAGES = {
    "home": "sends everybody to their first page",
    "health": "answers machines",
    "notices:report": "answers machines",
    "notices:remove_address": "takes a form only",
    "notices:retry": "takes a form only",
    "set_language": "takes a form only",
    "download": "hands out a file",
    "thumbnail": "hands out a file",
    "cases:export": "hands out a file",
    "supervision:export": "hands out a file",
    "supervision:week_export": "hands out a file",
    "supervision:population": "hands out a file",
    "feedback:export": "hands out a file",
    "feedback:effect_export": "hands out a file",
    "feedback:thanks_export": "hands out a file",
    "account_logout": "takes a form only",
    "reports:export": "hands out a file",
    "reports:fill": "takes a form only",
    "reports:keep": "takes a form only",
    "reports:standard": "hands out a file",
    "reports:version": "hands out a file",
    "reports:word": "hands out a file",
    "reports:excel": "hands out a file",
    "replies:revoke": "takes a form only",
    "replies:give_sheet": "hands out a file",
    "replies:refused_rows": "hands out a file",
    "enterprises:clear": "forgets filters and shows the register",
    "enterprises:export": "hands out a file",
    "enterprises:refused_rows": "hands out a file",
    "enterprises:save_view": "takes a form only",
    "enterprises:delete_view": "takes a form only",
    "enterprises:undo_import": "takes a form only",
    "enterprises:settle_twin": "takes a form only",
    "enterprises:withdraw_token": "takes a form only",
    "api:openapi-json": "answers machines",
    "api:api-root": "answers machines",
    "api:firms": "answers machines",
    "api:send": "answers machines",
    "api:firm": "answers machines",
    "api:facts": "answers machines",
    "api:changes": "answers machines",
    "api:firms_table": "answers machines",
    "api:facts_table": "answers machines",
    "api:cases": "answers machines",
    "api:submit_case": "answers machines",
    "api:case_states": "answers machines",
    "api:case": "answers machines",
    "api:say_more": "answers machines",
    "api:case_files": "answers machines",
    "api:case_file": "answers machines",
    "api:hooks": "answers machines",
    "api:add_hook": "answers machines",
    "api:hook_topics": "answers machines",
    "api:switch_hook": "answers machines",
    "api:renew_hook_secret": "answers machines",
    "api:hook_deliveries": "answers machines",
    "api:resend_delivery": "answers machines",
    "cases:own_alike": "a piece of the form that sends a case",
    "webhooks:switch": "takes a form only",
    "webhooks:renew_secret": "shows a secret on the page of its subscription",
    "webhooks:resend": "takes a form only",
    "orgs:end_delegation": "takes a form only",
    "orgs:reset_second_factor": "takes a form only",
    "orgs:remove_day": "takes a form only",
    "orgs:remove_duty": "takes a form only",
    "openid_connect_login": "sends people to another site",
    "openid_connect_callback": "takes people back from another site",
    "weixin_login": "sends people to another site",
    "weixin_callback": "takes people back from another site",
}


class Look(NamedTuple):
    """One page as one person sees it."""

    page: str
    who: str
    row: str

    def address(self, keys: dict[str, object]) -> str:
        """The address of the page in a town."""
        if self.row.startswith("?") or not self.row:
            return (OUTSIDE.get(self.page) or reverse(self.page)) + self.row
        found = keys[self.row]
        return reverse(self.page, args=found if isinstance(found, list) else [found])


def looks() -> list[Look]:
    """All looks, in the order of the table."""
    return [
        Look(page, who, row.strip())
        for page, people, rows in PAGES
        for who in people.split()
        for row in (rows.split() if rows and not rows.startswith(" ") else ["", *rows.split()])
    ]


def names() -> set[str]:
    """The names of all addresses, those of outside accounts included, which a city may switch on."""
    outside = signin_urls.outside(OUTSIDE_ACCOUNTS)
    return {*_names(get_resolver().url_patterns), *(pattern.name for pattern in outside)}


def _names(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _names(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}"
