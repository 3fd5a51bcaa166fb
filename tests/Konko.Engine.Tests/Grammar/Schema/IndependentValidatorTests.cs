using Json.Schema;

namespace Konko.Engine.Tests.Grammar.Schema;

/// <summary>The mistakes of the validator that is trusted with everything else; one that is mended fails here, and may then be taken away.</summary>
public sealed class IndependentValidatorTests
{
    /// <summary>
    /// JSON Schema Validation, 6.3.1 and 6.3.2: a string's length is its number of characters as RFC 8259 defines them, code
    /// points. The validator counts what looks like one as one.
    /// </summary>
    [Theory]
    [InlineData("""{"type":"string","minLength":2}""", "\"e\u0301\"", true)]
    [InlineData("""{"type":"string","maxLength":2}""", "\"e\u0301\u0301\"", false)]
    [InlineData("""{"type":"string","minLength":2}""", """
        "\r\n"
        """, true)]
    public void Ask_CharactersThatGrowTogether_CountsThemAsOne(string schema, string document, bool expected) =>
        Assert.Equal((!expected, expected), (IndependentValidator.Ask(JsonSchema.FromText(schema), document), new IndependentValidator(schema).IsValid(document)));

    /// <summary>RFC 8259, 6 sets numbers no limit; the validator compares those of an enumeration as decimals of the runtime.</summary>
    [Fact]
    public void Ask_GreatNumberBesideAnEnumeration_Fails()
    {
        const string Schema = """{"anyOf":[{"enum":[1]},{"type":"number"}]}""";
        Assert.Throws<FormatException>(() => IndependentValidator.Ask(JsonSchema.FromText(Schema), "1e300"));
        Assert.True(new IndependentValidator(Schema).IsValid("1e300"));
    }

    /// <summary>RFC 5321, 4.1.2: a domain may be one label, and a local part a quoted string.</summary>
    [Theory]
    [InlineData("a@b")]
    [InlineData("a@b.c")]
    [InlineData("\\\"a b\\\"@b.c")]
    public void Ask_MailboxOfTheStandard_IsRefused(string mailbox)
    {
        const string Schema = """{"type":"string","format":"email"}""";
        Assert.False(IndependentValidator.Ask(JsonSchema.FromText(Schema), $"\"{mailbox}\""));
        Assert.True(new IndependentValidator(Schema).IsValid($"\"{mailbox}\""));
    }

    /// <summary>RFC 3986, 3: the path may be empty, the authority too.</summary>
    [Theory]
    [InlineData("a:")]
    [InlineData("a:b")]
    [InlineData("http://")]
    public void Ask_UriOfTheStandard_IsRefused(string uri)
    {
        const string Schema = """{"type":"string","format":"uri"}""";
        Assert.False(IndependentValidator.Ask(JsonSchema.FromText(Schema), $"\"{uri}\""));
        Assert.True(new IndependentValidator(Schema).IsValid($"\"{uri}\""));
    }

    /// <summary>What is put right stays strict.</summary>
    [Theory]
    [InlineData("""{"type":"string","maxLength":2}""", "\"e\u0301\u0301\"")]
    [InlineData("""{"type":"string","minLength":3}""", "\"e\u0301\"")]
    [InlineData("""{"type":"integer","maximum":9}""", "1e300")]
    [InlineData("""{"type":"string","format":"email"}""", "\"a b@c\"")]
    [InlineData("""{"type":"string","format":"email"}""", "\"a@-c\"")]
    [InlineData("""{"type":"string","format":"email"}""", "\"a@[1.2.3.256]\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "\"1a:b\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "\"a:b c\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "\"a://[::g]\"")]
    [InlineData("""{"type":"string","format":"uri"}""", "\"a:%4\"")]
    public void IsValid_WrongByTheStandard_IsFalse(string schema, string document) => Assert.False(new IndependentValidator(schema).IsValid(document));
}
