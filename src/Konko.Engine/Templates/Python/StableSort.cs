using Konko.Engine.Templates.Runtime;
using Konko.Engine.Templates.Values;

namespace Konko.Engine.Templates.Python;

/// <summary>Python's <c>sorted</c>: a merge sort, so that values without a consistent order (NaN) cannot break it.</summary>
internal static class StableSort
{
    /// <summary>Elements in the order of their keys; equal ones stay as they were, in reverse too.</summary>
    /// <exception cref="TemplateException">Two keys have no order.</exception>
    public static TemplateValue[] Sort(RenderContext context, TemplateValue[] items, Func<TemplateValue, TemplateValue> key, bool reverse)
    {
        context.MakeElements(2L * items.Length);
        TemplateValue[] keys = Array.ConvertAll(items, item => key(item));
        var order = new int[items.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        var scratch = new int[items.Length];
        for (int width = 1; width < order.Length; width *= 2)
        {
            for (int start = 0; start < order.Length; start += 2 * width)
                Merge(start, Math.Min(start + width, order.Length), Math.Min(start + (2 * width), order.Length));
            (order, scratch) = (scratch, order);
        }
        return Array.ConvertAll(order, index => items[index]);

        void Merge(int start, int middle, int end)
        {
            for (int left = start, right = middle, to = start; to < end; to++)
                scratch[to] = left < middle && (right == end || !IsBefore(order[right], order[left])) ? order[left++] : order[right++];
        }

        bool IsBefore(int a, int b) => reverse
            ? Comparison.Compare(context, keys[b], keys[a]) < 0
            : Comparison.Compare(context, keys[a], keys[b]) < 0;
    }
}
