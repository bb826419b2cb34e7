"""What sources have called devices, and the families they belong to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewrapped.history.platforms import FAMILIES, family


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("android", "android"),
        ("Android OS 9 API 28 (samsung, SM-G950F)", "android"),
        ("Android OS 10 API 29 (HUAWEI, CAR-LX1)", "android"),
        ("Android-tablet OS 7.1.1 API 25 (Amazon, KFMUWI)", "android"),
        ("Android [arm 0]", "android"),
        ("ios", "ios"),
        ("iOS 13.3 (iPhone11,8)", "ios"),
        ("iPadOS", "ios"),
        ("windows", "windows"),
        ("Windows 10 (10.0.18363; x64; AppX)", "windows"),
        ("osx", "macos"),
        ("OS X 10.15.4 [x86 8]", "macos"),
        ("macOS", "macos"),
        ("linux", "linux"),
        ("Linux [x86-64 0]", "linux"),
        ("web_player", "web"),
        ("web_player windows 10;chrome 80.0.3987.149;desktop", "web"),
        ("WebPlayer (websocket RFC6455)", "web"),
        ("Partner spotify web_player", "web"),
        ("cast", "cast"),
        ("Partner google cast_tv;Chromecast;;", "cast"),
        ("Partner google cast;Chromecast_Audio;;", "cast"),
        ("Partner google cast_voice;Google_Home;;", "speaker"),
        ("Partner amazon_salmon Amazon;Echo_Dot;1234;;tpapi", "speaker"),
        ("Partner sonos_ppc Sonos;Play1", "speaker"),
        ("Partner android_tv Sony;BRAVIA;;tpapi", "tv"),
        ("Android OS 9 API 28 (Sony, BRAVIA 4K GB)", "tv"),
        ("Partner samsung_tv Samsung;tizen", "tv"),
        ("Partner webos_tv lg;WEBOS4.0", "tv"),
        ("Partner roku_tv Roku", "tv"),
        ("Partner playstation ps4;sony;PS4", "console"),
        ("Partner microsoft xbox_one;", "console"),
        ("Partner tesla_model", "car"),
        ("Car Thing", "car"),
        ("Partner garmin_watch", "watch"),
        ("wear os", "watch"),
        ("  ANDROID ", "android"),
        ("not_applicable", "other"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_device_belongs_to_its_family(label: str, expected: str) -> None:
    assert family(label) == expected


@given(st.text(min_size=1))
def test_any_text_at_all_has_one_family(label: str) -> None:
    assert family(label) in (*FAMILIES, "")
