using Konko.Engine.Templates.Expressions;
using Konko.Engine.Templates.Python;
using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Statements;

/// <summary><c>{% for target in iterable if filter recursive %} … {% else %} … {% endfor %}</c>; each turn has its own scope.</summary>
/// <param name="target">What each element is assigned to.</param>
/// <param name="iterable">What is iterated over.</param>
/// <param name="filter">Which elements take part; null for all.</param>
/// <param name="body">What runs for each.</param>
/// <param name="otherwise">What runs where there is no element, or null.</param>
/// <param name="isRecursive">Whether <c>loop</c> can be called.</param>
/// <param name="loopName">The template's number for <c>loop</c>.</param>
/// <param name="line">Its line.</param>
internal sealed class ForStatement(
    Target target, Expression iterable, Expression? filter, Statement body, Statement? otherwise, bool isRecursive, int loopName, int line)
    : Statement(line)
{
    protected override Flow Run(RenderContext context)
    {
        Loop(context, iterable.Evaluate(context), context.Scope, 0);
        return Flow.Next;
    }

    private void Loop(RenderContext context, TemplateValue elements, Scope outer, int depth)
    {
        Scope caller = context.Scope;
        TemplateValue[] items = Sequences.Items(context, elements);
        if (filter is not null) items = Filtered(context, items, filter, outer);
        var loop = new LoopValue(items, depth, isRecursive ? Recurse : null);
        for (; loop.Index < items.Length; loop.Index++)
        {
            context.Scope = new Scope(outer);
            target.Assign(context, items[loop.Index]);
            context.Scope.Set(loopName, loop);
            if (body.Execute(context) == Flow.Break) break;
        }
        if (items.Length == 0 && otherwise is not null)
        {
            context.Scope = new Scope(outer);
            otherwise.Execute(context);
        }
        context.Scope = caller;

        StringValue Recurse(RenderContext inner, TemplateValue deeper, int level)
        {
            TextBuilder output = inner.Output;
            inner.Output = new TextBuilder(inner);
            inner.Enter();
            Loop(inner, deeper, outer, level);
            inner.Leave();
            StringValue text = inner.Output.ToValue();
            inner.Output = output;
            return text;
        }
    }

    private TemplateValue[] Filtered(RenderContext context, TemplateValue[] items, Expression condition, Scope outer)
    {
        var kept = new List<TemplateValue>(items.Length);
        foreach (TemplateValue item in items)
        {
            context.Scope = new Scope(outer);
            target.Assign(context, item);
            if (condition.Evaluate(context).IsTrue) kept.Add(item);
        }
        return [.. kept];
    }
}
