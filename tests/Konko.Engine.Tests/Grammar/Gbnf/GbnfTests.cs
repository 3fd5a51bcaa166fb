using Konko.Engine.Grammar;

namespace Konko.Engine.Tests.Grammar.Gbnf;

public sealed class GbnfTests
{
    private const string Arithmetic = """
        # sums of products
        root  ::= (expr "=" ws term "\n")+
        expr  ::= term ([-+*/] term)*
        term  ::= ident | num | "(" ws expr ")" ws
        ident ::= [a-z] [a-z0-9_]* ws
        num   ::= [0-9]+ ws
        ws    ::= [ \t\n]*
        """;

    [Theory]
    [InlineData("a = 1\n", true)]
    [InlineData("a+b*( c -2)= x1\n1=2\n", true)]
    [InlineData("a+=1\n", false)]
    [InlineData("a = 1", false)]
    public void OfGbnf_Arithmetic_IsFollowed(string text, bool expected) => Assert.Equal(expected, GrammarText.Accepts(CompiledGrammar.OfGbnf(Arithmetic), text));

    [Theory]
    [InlineData("root ::= \"a\"{2,3}", "aa", true)]
    [InlineData("root ::= \"a\"{2,3}", "aaaa", false)]
    [InlineData("root ::= \"ab\"{2}", "abab", true)]
    [InlineData("root ::= [ab]{2,}", "abba", true)]
    [InlineData("root ::= x{100}\nx ::= \"a\" | \"b\"", "ab", false)]
    [InlineData("root ::= \"a\"? \"b\"*", "", true)]
    [InlineData("root ::= [^\"\\n]+", "é 😀", true)]
    [InlineData("root ::= [^\"\\n]+", "a\"", false)]
    [InlineData("root ::= . \"\\x41\\u00e9\\U0001F600\"", "xAé😀", true)]
    [InlineData("root ::= [a-]+", "a-", true)]
    [InlineData("root ::= (\n  \"a\" |\n  \"b\"\n)", "b", true)]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "((()))", true)]
    [InlineData("root ::= \"(\" root \")\" | \"\"", "(()", false)]
    [InlineData("root ::= \"a\" root root | \"a\"", "aaaaa", true)]
    [InlineData("root ::= \"a\" root root | \"a\"", "aaaa", false)]
    public void OfGbnf_Text_IsAccepted(string grammar, string text, bool expected) => Assert.Equal(expected, GrammarText.Accepts(CompiledGrammar.OfGbnf(grammar), text));

    [Fact]
    public void OfGbnf_HundredRepetitions_AreCounted()
    {
        CompiledGrammar grammar = CompiledGrammar.OfGbnf("root ::= x{100,200} \"!\"\nx ::= \"a\" | \"bc\"");
        Assert.False(GrammarText.Accepts(grammar, new string('a', 99) + "!"));
        Assert.True(GrammarText.Accepts(grammar, new string('a', 99) + "bc!"));
        Assert.True(GrammarText.Accepts(grammar, new string('a', 200) + "!"));
        Assert.False(GrammarText.Accepts(grammar, new string('a', 201) + "!"));
    }

    [Theory]
    [InlineData("", GrammarError.Invalid, "root")]
    [InlineData("root ::= x", GrammarError.Invalid, "'x'")]
    [InlineData("root = \"a\"", GrammarError.Invalid, "'::='")]
    [InlineData("a ::= \"a\"\nroot ::= \"", GrammarError.Invalid, "line 2")]
    [InlineData("root ::= [a", GrammarError.Invalid, "class")]
    [InlineData("root ::= (\"a\"", GrammarError.Invalid, "group")]
    [InlineData("root ::= \"\\q\"", GrammarError.Invalid, "'\\q'")]
    [InlineData("root ::= \"a\"{3,2}", GrammarError.Invalid, "order")]
    [InlineData("root ::= root \"a\" | \"a\"", GrammarError.Unenforceable, "'root'")]
    [InlineData("root ::= x \"a\"\nx ::= \"b\"* root | \"c\"", GrammarError.Unenforceable, "begins with itself")]
    [InlineData("root ::= <think>", GrammarError.Unenforceable, "tokens")]
    [InlineData("root ::= \"a\" root", GrammarError.Unsatisfiable, "nothing")]
    public void OfGbnf_WhatCannotBe_IsRefused(string grammar, GrammarError expected, string words)
    {
        GrammarException refusal = GrammarText.Refused(() => CompiledGrammar.OfGbnf(grammar));
        Assert.Equal(expected, refusal.Error);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }
}
