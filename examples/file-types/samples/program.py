"""Counts the words of a text."""

from collections import Counter


def count(text):
    return Counter(word.strip(".,!?").lower() for word in text.split())


if __name__ == "__main__":
    print(count("The engine waits. The engine runs!").most_common(3))
