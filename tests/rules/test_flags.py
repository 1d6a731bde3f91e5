from inventory.rules.flags import has, replaced, words


def test_each_part_replaces_its_own_words_alone() -> None:
    flags = replaced(
        "unknown_sku,went_back:WORKING", {"went_back", "amazon_error"}, ["amazon_error"]
    )

    assert flags == "amazon_error,unknown_sku"
    assert words(flags) == ["amazon_error", "unknown_sku"]
    assert replaced(flags, {"amazon_error", "unknown_sku"}, [""]) == ""


def test_a_word_is_found_whatever_its_value() -> None:
    assert has("went_back:WORKING", "went_back")
    assert not has("went_back:WORKING", "went")


def test_equal_sets_are_equal_texts_and_fit_the_column() -> None:
    assert replaced("", set(), ["b", "a"]) == replaced("b", set(), ["a"])
    long = replaced("", set(), [f"word{number:020d}" for number in range(20)])
    assert len(long) <= 200
    assert all(len(word) == 24 for word in words(long))
