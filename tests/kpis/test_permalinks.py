"""Which post an address leads to, and that a stranger's address leads nowhere."""

import pytest

from kpis.permalinks import PostAddress, post_at


@pytest.mark.parametrize(
    ("address", "post"),
    [
        ("https://vk.com/wall-1_2", PostAddress("vk", "-1_2", "1")),
        ("vk.com/wall-207700007_41", PostAddress("vk", "-207700007_41", "207700007")),
        (" https://m.vk.com/wall5_6?reply=7#top ", PostAddress("vk", "5_6", "5")),
        ("https://vk.ru/coffee?w=wall-1_2", PostAddress("vk", "-1_2", "1")),
        ("https://vk.com/feed?w=wall-1_2%2Fall&z=3", PostAddress("vk", "-1_2", "1")),
        ("https://t.me/channel/5", PostAddress("telegram", "5", "@channel")),
        ("t.me/s/channel/5", PostAddress("telegram", "5", "@channel")),
        ("https://t.me/c/1234567/89?single", PostAddress("telegram", "89", "1234567")),
        ("https://youtu.be/dQw4w9WgXcQ?si=abc", PostAddress("youtube", "dQw4w9WgXcQ")),
        ("https://www.youtube.com/watch?list=x&v=dQw4w9WgXcQ", PostAddress("youtube", "dQw4w9WgXcQ")),
        ("https://youtube.com/shorts/dQw4w9WgXcQ", PostAddress("youtube", "dQw4w9WgXcQ")),
        ("https://www.instagram.com/p/C_-x0000001/", PostAddress("instagram", "C_-x0000001")),
        ("instagram.com/obzharka7/reel/C0000000001", PostAddress("instagram", "C0000000001", "obzharka7")),
        ("https://www.facebook.com/obzharka7/posts/123", PostAddress("facebook", "123", "obzharka7")),
        ("https://facebook.com/obzharka7/posts/pfbid02abcdef", PostAddress("facebook", "pfbid02abcdef", "obzharka7")),
        ("https://www.tiktok.com/@obzharka7/video/7100000000001", PostAddress("tiktok", "7100000000001", "obzharka7")),
        ("https://ok.ru/group/70007700000007/topic/150", PostAddress("ok", "150", "70007700000007")),
        ("ok.ru/obzharka7/topic/150", PostAddress("ok", "150", "obzharka7")),
        ("HTTPS://VK.COM/wall-1_2", PostAddress("vk", "-1_2", "1")),
    ],
)
def test_an_address_leads_to_its_post(address, post):
    assert post_at(address) == post


@pytest.mark.parametrize(
    "address",
    [
        "",
        "wall-1_2",
        "https://vk.com/",
        "https://vk.com/coffee",
        "https://vk.com/wall-1",
        "https://vk.com/wall-1_2/../../admin",
        "https://vk.com@evil.example/wall-1_2",
        "https://user:pass@vk.com/wall-1_2",
        "https://vk.com:8443/wall-1_2",
        "https://vk.com:x/wall-1_2",
        "https://evil.example/vk.com/wall-1_2",
        "https://vk.com.evil.example/wall-1_2",
        "https://evilvk.com/wall-1_2",
        "https://vk.com\\@evil.example/wall-1_2",
        "https://evil.example\\vk.com/wall-1_2",
        "https://vk.com\n.evil.example/wall-1_2",
        "https://vk.com /wall-1_2",
        "https://ⅴk.com/wall-1_2",
        "https://vk.com/wall-１_２",
        "https://vk.com/wall-1_2\u202e",
        "javascript:alert(1)//vk.com/wall-1_2",
        "javascript://vk.com/wall-1_2",
        "file://vk.com/wall-1_2",
        "//vk.com/wall-1_2",
        "https://[::1]/wall-1_2",
        "https://[vk.com/wall-1_2",
        "https://t.me/joinchat/5",
        "https://t.me/+abc/5",
        "https://youtu.be/short",
        "https://youtube.com/watch?v=<script>ab",
        "https://youtube.com/channel/dQw4w9WgXcQ",
        "https://instagram.com/obzharka7/",
        "https://www.tiktok.com/@obzharka7",
        "https://ok.ru/topic/150",
        "https://vk.com/wall-1_" + "2" * 3000,
    ],
)
def test_what_leads_to_no_post_leads_nowhere(address):
    assert post_at(address) is None
