package org.tinc4j;

import java.util.SplittableRandom;

/** Hostile text by seed: characters of a given set, and now and then any other. */
final class RandomText {

    private RandomText() {}

    static String of(SplittableRandom random, String characters, int mostCharacters) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(mostCharacters + 1); i > 0; i--) {
            text.append(character(random, characters));
        }
        return text.toString();
    }

    /** Removes, inserts, repeats and replaces a few characters. */
    static String damaged(SplittableRandom random, String text, String characters) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            int at = random.nextInt(damaged.length() + 1);
            int end = Math.min(damaged.length(), at + random.nextInt(1, 4));
            switch (random.nextInt(4)) {
                case 0 -> damaged.delete(at, end);
                case 1 -> damaged.insert(at, character(random, characters));
                case 2 -> damaged.insert(at, damaged.substring(at, end));
                default -> damaged.replace(at, Math.min(damaged.length(), at + 1), character(random, characters));
            }
        }
        return damaged.toString();
    }

    private static String character(SplittableRandom random, String characters) {
        return random.nextInt(50) == 0
                ? Character.toString(random.nextInt(Character.MIN_SURROGATE))
                : characters.substring(random.nextInt(characters.length())).substring(0, 1);
    }
}
