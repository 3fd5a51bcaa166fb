using Konko.Engine.Grammar;

namespace Konko.Engine.Tests.Grammar;

public sealed class CompiledGrammarTests
{
    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"a":1}""", true)]
    [InlineData("""{"a": [1, -2.5e+3,"x\n", null,true,false,{}]}""", true)]
    [InlineData("""{"a":  1}""", false)]
    [InlineData("""{ "a":1}""", false)]
    [InlineData("""{"a" :1}""", false)]
    [InlineData("""{"a":01}""", false)]
    [InlineData("""{"a":1,}""", false)]
    [InlineData("""[1]""", false)]
    [InlineData("""{"a":"\u00e9"}""", false)]
    [InlineData("""{"a":"é\u001f\u001F\/"}""", false)]
    [InlineData("""{"a":"é\u001f\u001F/"}""", true)]
    [InlineData("", false)]
    public void JsonObject_Text_IsAccepted(string text, bool expected) => Assert.Equal(expected, GrammarText.Accepts(CompiledGrammar.JsonObject, text));

    [Theory]
    [InlineData("yes", true)]
    [InlineData("no", true)]
    [InlineData("note", true)]
    [InlineData("not", false)]
    [InlineData("", false)]
    public void OfChoices_Text_IsOneOfThem(string text, bool expected) =>
        Assert.Equal(expected, GrammarText.Accepts(CompiledGrammar.OfChoices(["yes", "no", "note"]), text));

    [Fact]
    public void OfChoices_NothingToChoose_IsRefused()
    {
        Assert.Equal(GrammarError.Invalid, GrammarText.Refused(() => CompiledGrammar.OfChoices([])).Error);
        Assert.Equal("guided_choice/1", GrammarText.Refused(() => CompiledGrammar.OfChoices(["a", ""])).Location);
    }
}
