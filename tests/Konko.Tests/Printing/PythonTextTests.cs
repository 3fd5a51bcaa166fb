using System.Text.Json;
using Konko.Printing;

namespace Konko.Tests.Printing;

public sealed class PythonTextTests
{
    [Theory]
    [InlineData("a", "'a'")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("it's \"so\"", "'it\\'s \"so\"'")]
    [InlineData("a\n\t\\\u0001", "'a\\n\\t\\\\\\x01'")]
    [InlineData("世界🎉", "'世界🎉'")]
    public void Field_Text_IsQuotedAsPythonDoes(string value, string expected) => Assert.Equal($"X(a={expected})", new PythonText("X").Field("a", value).ToString());

    [Fact]
    public void Field_OtherValues_ArePythons()
    {
        string text = new PythonText("X").Field("a", null).Field("b", true).Field("c", 5).Field("d", 1.0f).Field("e", -0.21f)
            .Field("f", JsonElement.Parse("""{"a":[1,null,false,"x"],"b":{}}""")).Field("g", new List<string> { "x" }).Extra("h", null).ToString();
        Assert.Equal("X(a=None, b=True, c=5, d=1.0, e=-0.21, f={'a': [1, None, False, 'x'], 'b': {}}, g=['x'])", text);
    }
}
