using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Expressions;

/// <summary>The arguments of a call, filter or test, as written.</summary>
/// <param name="positional">Those given by position.</param>
/// <param name="named">Those given by name.</param>
/// <param name="rest">What follows <c>*</c>, or null.</param>
/// <param name="namedRest">What follows <c>**</c>, or null.</param>
internal sealed class ArgumentList(
    Expression[] positional, (string Name, Expression Value)[] named, Expression? rest, Expression? namedRest)
{
    /// <summary>No arguments.</summary>
    public static readonly ArgumentList None = new([], [], null, null);

    /// <summary>The arguments' values.</summary>
    /// <param name="context">The render.</param>
    /// <param name="caller">The body of a call block, handed over by that name; or null.</param>
    public CallArguments Evaluate(RenderContext context, TemplateValue? caller = null)
    {
        if (caller is null && rest is null && namedRest is null && positional.Length == 0 && named.Length == 0) return CallArguments.None;
        var values = new List<TemplateValue>(positional.Length);
        var namedValues = new List<KeyValuePair<string, TemplateValue>>(named.Length);
        foreach (Expression argument in positional) values.Add(argument.Evaluate(context));
        foreach ((string name, Expression value) in named) namedValues.Add(new(name, value.Evaluate(context)));
        if (caller is not null) namedValues.Add(new("caller", caller));
        if (rest is not null) values.AddRange(Sequences.Items(context, rest.Evaluate(context)));
        if (namedRest is not null) AddNamed(context, namedValues, namedRest.Evaluate(context));
        context.MakeElements(values.Count + namedValues.Count);
        return new CallArguments([.. values], [.. namedValues]);
    }

    private static void AddNamed(RenderContext context, List<KeyValuePair<string, TemplateValue>> values, TemplateValue mapping)
    {
        if (mapping is not DictValue dict) throw new TemplateException($"the argument after ** must be a mapping, not '{mapping.TypeName}'");
        foreach (KeyValuePair<TemplateValue, TemplateValue> member in dict.Members)
        {
            context.Step(1);
            values.Add(new(Library.Take.Text(member.Key, "**").Text, member.Value));
        }
    }
}
