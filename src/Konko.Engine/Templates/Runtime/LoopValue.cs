using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Runtime;

/// <summary>The <c>loop</c> of a for block: where it stands, and itself for recursion.</summary>
/// <param name="items">The elements.</param>
/// <param name="depth">Nesting of a recursive loop, from 0.</param>
/// <param name="recurse">Runs the loop over other elements, one level deeper; null where it is not recursive.</param>
internal sealed class LoopValue(TemplateValue[] items, int depth, Func<RenderContext, TemplateValue, int, StringValue>? recurse) : CallableValue
{
    private TemplateValue[]? _lastChanged;

    /// <summary>The current element's index, from 0.</summary>
    public int Index { get; set; }

    public override string Name => "loop";

    internal override string TypeName => "LoopContext";

    /// <summary>An attribute of the loop, or null.</summary>
    public TemplateValue? Get(string name) => name switch
    {
        "index" => IntegerValue.Of(Index + 1),
        "index0" => IntegerValue.Of(Index),
        "revindex" => IntegerValue.Of(items.Length - Index),
        "revindex0" => IntegerValue.Of(items.Length - Index - 1),
        "first" => BooleanValue.Of(Index == 0),
        "last" => BooleanValue.Of(Index == items.Length - 1),
        "length" => IntegerValue.Of(items.Length),
        "depth" => IntegerValue.Of(depth + 1),
        "depth0" => IntegerValue.Of(depth),
        "previtem" => Index > 0 ? items[Index - 1] : new UndefinedValue("there is no previous item"),
        "nextitem" => Index < items.Length - 1 ? items[Index + 1] : new UndefinedValue("there is no next item"),
        "cycle" => new FunctionValue("loop.cycle", Cycle),
        "changed" => new FunctionValue("loop.changed", Changed),
        _ => null,
    };

    public override TemplateValue Call(RenderContext context, CallArguments arguments)
    {
        if (recurse is null) throw new TemplateException("only a loop marked 'recursive' can be called");
        TemplateValue[] bound = arguments.Bind("loop", "iterable")!;
        return recurse(context, bound[0] ?? throw new TemplateException("loop() needs something to iterate over"), depth + 1);
    }

    private TemplateValue Cycle(RenderContext context, CallArguments arguments) =>
        arguments.Positional.Length > 0
            ? arguments.Positional[Index % arguments.Positional.Length]
            : throw new TemplateException("loop.cycle needs items to cycle through");

    private BooleanValue Changed(RenderContext context, CallArguments arguments)
    {
        bool same = _lastChanged is not null && Comparison.AreEqual(context, _lastChanged, arguments.Positional);
        _lastChanged = arguments.Positional;
        return BooleanValue.Of(!same);
    }
}
