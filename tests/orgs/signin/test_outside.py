from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.urls import NoReverseMatch, reverse

from tests.orgs.signin.people import PERIOD, code, give, sign_in, signed_in_as
from zhitong.orgs.models import User
from zhitong.orgs.signin.settings import providers
from zhitong.orgs.signin.social import SocialAdapter
from zhitong.orgs.signin.urls import outside

SERVER = "https://id.example/realm"
CONFIGURED = providers(
    oidc_name="示例统一认证",
    oidc_server=SERVER,
    oidc_client_id="zhitong",
    oidc_secret="s",
    weixin_app_id="wx1",
    weixin_secret="w",
)
ANSWERS = {
    "/.well-known/openid-configuration": {
        "authorization_endpoint": f"{SERVER}/authorize",
        "token_endpoint": f"{SERVER}/token",
        "userinfo_endpoint": f"{SERVER}/me",
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
    },
    "/token": {"access_token": "t"},
    "/me": {"sub": "42", "name": "示例", "email": "42@id.example", "phone_number": "13800000000"},
    "/access_token": {"access_token": "t", "openid": "o42"},
    "/userinfo": {"openid": "o42", "nickname": "x"},
}


class Answer:
    status_code = 200
    headers = {"content-type": "application/json"}

    def __init__(self, data) -> None:
        self.data = data

    def json(self):
        return self.data

    def raise_for_status(self) -> None:
        pass


class Session:
    """What allauth would ask the outside, answered from the table above."""

    def __enter__(self):
        return self

    def __exit__(self, *_error) -> None:
        pass

    def get(self, url, **_given):
        return Answer(next(answer for end, answer in ANSWERS.items() if url.endswith(end)))

    def request(self, _method, url, **_given):
        return self.get(url)


@pytest.fixture
def configured(settings, monkeypatch):
    settings.SOCIALACCOUNT_PROVIDERS = CONFIGURED
    settings.ROOT_URLCONF = "tests.orgs.signin.urls_outside"
    monkeypatch.setattr(SocialAdapter, "get_requests_session", lambda _self: Session())


def come_back(client, start: str, back: str = "openid_connect_callback"):
    """Go to the provider and come back as its account 42."""
    response = client.get(start)
    assert response.status_code == 302, response.content.decode()
    state = parse_qs(urlsplit(response.url).query)["state"][0]
    return client.get(reverse(back), {"code": "c", "state": state})


def connect(user: User, provider: str = "oidc", uid: str = "42") -> None:
    SocialAccount.objects.create(user=user, provider=provider, uid=uid)


# ---------------------------------------------------------------- only where configured


def test_nothing_is_configured_without_names() -> None:
    assert providers() == {}
    assert providers(oidc_server=SERVER, oidc_secret="s", weixin_secret="w") == {}
    assert outside(providers()) == []


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"oidc_name": "x", "oidc_client_id": "y"}, {"openid_connect_login", "openid_connect_callback"}),
        ({"weixin_app_id": "wx"}, {"weixin_login", "weixin_callback"}),
    ],
)
def test_a_configured_provider_has_addresses(given, names) -> None:
    found = {pattern.name for pattern in outside(providers(**given))}
    assert found == names | {"socialaccount_connections"}


def test_an_installation_without_outside_accounts_shows_no_button(client) -> None:
    with pytest.raises(NoReverseMatch):
        reverse("openid_connect_login", kwargs={"provider_id": "oidc"})
    page = client.get(reverse("account_login")).content.decode()
    assert "oidc" not in page
    assert "weixin" not in page


def test_configured_ones_have_a_button(client, configured) -> None:
    page = client.get(reverse("account_login") + "?next=/my/").content.decode()
    assert "示例统一认证" in page
    assert 'href="/sign-in/oidc/?next=%2Fmy%2F"' in page
    assert 'href="/sign-in/weixin/?next=%2Fmy%2F"' in page


# ---------------------------------------------------------------- signing in


def test_the_way_out_leads_to_the_provider(client, configured) -> None:
    target = client.get("/sign-in/oidc/").url
    query = parse_qs(urlsplit(target).query)
    assert target.startswith(f"{SERVER}/authorize?")
    assert query["redirect_uri"] == ["http://testserver/sign-in/oidc/back/"]
    assert query["code_challenge_method"] == ["S256"]
    assert "appid=wx1" in client.get("/sign-in/weixin/").url


def test_an_account_nobody_connected_opens_nothing(client, configured, firm) -> None:
    page = come_back(client, "/sign-in/oidc/")
    assert reverse("account_login") in page.content.decode()
    assert signed_in_as(client) is None
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_a_connected_account_signs_a_firm_in(client, configured, firm) -> None:
    connect(firm)
    assert come_back(client, "/sign-in/oidc/?next=/my/notices/").url == "/my/notices/"
    assert signed_in_as(client) == str(firm.pk)


def test_wechat_signs_a_firm_in(client, configured, firm) -> None:
    connect(firm, "weixin", "o42")
    assert come_back(client, "/sign-in/weixin/", "weixin_callback").url == reverse("home")
    assert signed_in_as(client) == str(firm.pk)


def test_an_officer_still_needs_the_second_factor(client, configured, officer) -> None:
    connect(officer)
    assert come_back(client, "/sign-in/oidc/").url == reverse("mfa_authenticate")
    assert signed_in_as(client) is None
    assert give(client, code()).url == reverse("home")


def test_what_the_other_side_tells_is_not_kept(client, configured, firm) -> None:
    connect(firm)
    come_back(client, "/sign-in/oidc/")
    assert SocialAccount.objects.get().extra_data == {}
    before = (firm.phone, firm.name)
    firm.refresh_from_db()
    assert (firm.phone, firm.name) == before


def test_a_phone_told_by_the_other_side_is_not_taken_over(client, configured, firm, monkeypatch) -> None:
    told = {"phone": "13700137000", "phone_verified": True}
    monkeypatch.setattr(OpenIDConnectProvider, "extract_common_fields", lambda _self, _data: dict(told))
    sign_in(client, firm)
    come_back(client, links(client)[0])
    assert SocialAccount.objects.exists()
    assert firm.phone != told["phone"]
    firm.refresh_from_db()
    assert firm.phone != told["phone"]


def test_a_forged_return_opens_nothing(client, configured, firm) -> None:
    connect(firm)
    client.get("/sign-in/oidc/")
    response = client.get(reverse("openid_connect_callback"), {"code": "c", "state": "forged"})
    assert response.url == reverse("account_login")
    assert signed_in_as(client) is None


def test_somebody_who_turns_back_there_is_back_here(client, configured) -> None:
    state = parse_qs(urlsplit(client.get("/sign-in/oidc/").url).query)["state"][0]
    response = client.get(reverse("openid_connect_callback"), {"error": "access_denied", "state": state})
    assert response.url == reverse("account_login")


@pytest.mark.parametrize(
    "query", ["scope=admin", "auth_params=prompt%3Dnone", "process=redirect", "action=x", "process=connect"]
)
def test_the_way_out_takes_no_orders(client, configured, firm, query) -> None:
    sign_in(client, firm)
    assert client.get(f"/sign-in/oidc/?{query}").status_code == 404


# ---------------------------------------------------------------- connecting


def links(client) -> list[str]:
    page = client.get(reverse("socialaccount_connections")).content.decode()
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(/sign-in/oidc/\?[^"]+)"', page)]


def test_connecting_and_disconnecting(client, configured, firm) -> None:
    sign_in(client, firm)
    response = come_back(client, links(client)[0])
    assert response.url == reverse("socialaccount_connections")
    row = SocialAccount.objects.get()
    assert (row.user, row.provider, row.uid, row.extra_data) == (firm, "oidc", "42", {})
    assert not links(client)
    client.post(reverse("socialaccount_connections"), {"account": row.pk})
    assert not SocialAccount.objects.exists()


def test_an_account_of_somebody_else_stays_theirs(client, configured, firm, officer) -> None:
    connect(officer)
    sign_in(client, firm)
    come_back(client, links(client)[0])
    assert SocialAccount.objects.get().user == officer


def test_the_link_of_another_person_connects_nothing(client, other, configured, firm, officer, at) -> None:
    sign_in(client, firm)
    sign_in(other, officer)
    assert other.get(links(client)[0]).status_code == 404


def test_an_old_link_connects_nothing(client, configured, firm, at) -> None:
    sign_in(client, firm)
    link = links(client)[0]
    at.shift(601)
    assert client.get(link).status_code == 404


def test_connecting_some_time_after_sign_in_asks_for_the_password(client, configured, firm, at) -> None:
    sign_in(client, firm)
    at.shift(PERIOD * 20)
    response = come_back(client, links(client)[0])
    assert response.url == reverse("account_reauthenticate")
    assert not SocialAccount.objects.exists()
    response = client.post(reverse("account_reauthenticate"), {"password": "a long test password"})
    assert response.url == reverse("socialaccount_connections")
    assert SocialAccount.objects.get().user == firm


def test_strangers_connect_nothing(client, configured) -> None:
    assert reverse("account_login") in client.get(reverse("socialaccount_connections")).url
