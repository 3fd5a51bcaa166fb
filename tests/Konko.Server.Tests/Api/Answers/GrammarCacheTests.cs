using System.Text.Json;
using Konko.Engine.Grammar;
using Konko.Server.Api.Answers;

namespace Konko.Server.Tests.Api.Answers;

public sealed class GrammarCacheTests
{
    [Fact]
    public void OfSchema_SameSchema_IsCompiledOnce()
    {
        var cache = new GrammarCache();
        CompiledGrammar first = Of(cache, """{"type":"object"}""");

        Assert.Same(first, Of(cache, """{"type":"object"}"""));
        Assert.NotSame(first, Of(cache, """{"type":"array"}"""));
        Assert.NotSame(first, Of(new GrammarCache(), """{"type":"object"}"""));
    }

    [Fact]
    public void OfSchema_MoreSchemasThanItKeeps_ForgetsTheOneUnusedLongest()
    {
        var cache = new GrammarCache();
        CompiledGrammar[] grammars = [.. Enumerable.Range(0, GrammarCache.Capacity).Select(i => Of(cache, Numbered(i)))];
        Assert.Same(grammars[0], Of(cache, Numbered(0)));

        Of(cache, Numbered(GrammarCache.Capacity));

        Assert.Same(grammars[0], Of(cache, Numbered(0)));
        for (int i = 2; i < grammars.Length; i++) Assert.Same(grammars[i], Of(cache, Numbered(i)));
        Assert.NotSame(grammars[1], Of(cache, Numbered(1)));
    }

    [Fact]
    public void OfSchema_OneThatCannotBeEnforced_IsRefusedEachTime()
    {
        var cache = new GrammarCache();
        CompiledGrammar known = Of(cache, Numbered(0));
        for (int i = 0; i < GrammarCache.Capacity + 1; i++)
            Assert.Equal("#/uniqueItems", Assert.Throws<GrammarException>(() => Of(cache, """{"type":"array","uniqueItems":true}""")).Location);

        Assert.Same(known, Of(cache, Numbered(0)));
    }

    [Fact]
    public void OfSchema_ManyThreadsAtOnce_GetOneGrammar()
    {
        var cache = new GrammarCache();
        var grammars = new CompiledGrammar[64];
        Parallel.For(0, grammars.Length, i => grammars[i] = Of(cache, Numbered(i % 4)));

        for (int i = 0; i < grammars.Length; i++) Assert.Same(Of(cache, Numbered(i % 4)), grammars[i]);
    }

    private static string Numbered(int number) => $$"""{"type":"integer","maximum":{{number}}}""";

    private static CompiledGrammar Of(GrammarCache cache, string schema)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        return cache.OfSchema(document.RootElement);
    }
}
