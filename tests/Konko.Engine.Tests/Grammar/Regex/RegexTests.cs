using Konko.Engine.Grammar;

namespace Konko.Engine.Tests.Grammar.Regex;

public sealed class RegexTests
{
    [Theory]
    [InlineData("a|bc*", "a", true)]
    [InlineData("a|bc*", "bccc", true)]
    [InlineData("a|bc*", "ac", false)]
    [InlineData(@"\d{2,3}", "1", false)]
    [InlineData(@"\d{2,3}", "123", true)]
    [InlineData(@"\d{2,3}", "1234", false)]
    [InlineData(@"\d{2,}", "123456", true)]
    [InlineData("(?:ab)+?", "abab", true)]
    [InlineData("(?<name>ab)?", "", true)]
    [InlineData("[^a-c]", "d", true)]
    [InlineData("[^a-c]", "b", false)]
    [InlineData("[^a-c]", "é", true)]
    [InlineData("[^a-c]", "😀", true)]
    [InlineData(".", "\n", false)]
    [InlineData(".", "😀", true)]
    [InlineData(@"[\w-]+", "a-b", true)]
    [InlineData(@"[a\]]+", "]a", true)]
    [InlineData(@"\u{1F600}", "😀", true)]
    [InlineData(@"\uD83D\uDE00", "😀", true)]
    [InlineData(@"\u00e9\x41", "éA", true)]
    [InlineData(@"\p{L}+", "aéЖ", true)]
    [InlineData(@"\p{Lu}\P{Lu}", "Éé", true)]
    [InlineData(@"\p{L}+", "a1", false)]
    [InlineData("^a$", "a", true)]
    [InlineData("(^a|b)c", "bc", true)]
    [InlineData("a^b", "ab", false)]
    [InlineData("(a*)*", "aaa", true)]
    [InlineData(@"\/\.\-", "/.-", true)]
    [InlineData("a{,2}", "a{,2}", true)]
    [InlineData("[]|a", "a", true)]
    [InlineData("[^]", "x", true)]
    public void OfRegex_WholeText_Matches(string expression, string text, bool expected)
    {
        if (expression == "a^b") Assert.Equal(GrammarError.Unsatisfiable, GrammarText.Refused(() => CompiledGrammar.OfRegex(expression)).Error);
        else Assert.Equal(expected, GrammarText.Accepts(CompiledGrammar.OfRegex(expression), text));
    }

    [Theory]
    [InlineData("(a", GrammarError.Invalid)]
    [InlineData("a)", GrammarError.Invalid)]
    [InlineData("[a", GrammarError.Invalid)]
    [InlineData("*a", GrammarError.Invalid)]
    [InlineData("a**", GrammarError.Invalid)]
    [InlineData("a{3,2}", GrammarError.Invalid)]
    [InlineData("[b-a]", GrammarError.Invalid)]
    [InlineData(@"\q", GrammarError.Invalid)]
    [InlineData(@"\x1", GrammarError.Invalid)]
    [InlineData("a\\", GrammarError.Invalid)]
    [InlineData("(?=a)b", GrammarError.Unenforceable)]
    [InlineData("(?<!a)b", GrammarError.Unenforceable)]
    [InlineData(@"(a)\1", GrammarError.Unenforceable)]
    [InlineData(@"\bword\b", GrammarError.Unenforceable)]
    [InlineData(@"\p{Script=Greek}", GrammarError.Unenforceable)]
    [InlineData("(a|b)*a(a|b){30}", GrammarError.TooLarge)]
    [InlineData("((a{1000}){1000}){1000}", GrammarError.TooLarge)]
    [InlineData("a{999999999}", GrammarError.TooLarge)]
    public void OfRegex_WhatCannotBe_IsRefused(string expression, GrammarError expected) =>
        Assert.Equal(expected, GrammarText.Refused(() => CompiledGrammar.OfRegex(expression)).Error);

    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("^a", "abc", true)]
    [InlineData("c$", "abc", true)]
    [InlineData("b$", "abc", false)]
    [InlineData("^abc$", "abc", true)]
    [InlineData("^$", "", true)]
    [InlineData("^$", "a", false)]
    [InlineData("$^", "", true)]
    [InlineData("$^", "a", false)]
    [InlineData("", "anything", true)]
    [InlineData("a|^b|c$", "xxc", true)]
    [InlineData("a|^b|c$", "xcx", false)]
    [InlineData("\"", "say \"x\"", true)]
    public void OfJsonSchema_Pattern_MatchesAnywhere(string pattern, string text, bool expected)
    {
        CompiledGrammar grammar = GrammarText.Schema($$"""{"type":"string","pattern":{{Schema.CanonicalJson.Quote(pattern)}}}""");
        Assert.Equal(expected, GrammarText.Accepts(grammar, Schema.CanonicalJson.Quote(text)));
    }
}
