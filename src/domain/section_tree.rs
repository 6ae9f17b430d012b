//! The tree of sections: its order, its depth, the path of each, and what may not be done to it.

use std::collections::HashMap;

use uuid::Uuid;

use super::taxonomy::MAX_SECTION_DEPTH;

/// A section's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub id: Uuid,
    pub parent: Option<Uuid>,
    pub slug: String,
    pub name: String,
    pub position: i32,
}

/// A section's place, worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub id: Uuid,
    /// 1 for a root section.
    pub depth: i32,
    /// The slugs from the root down, joined by slashes.
    pub path: String,
    /// Itself and every section above it, itself first.
    pub lineage: Vec<Uuid>,
}

/// Why sections cannot stand like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    #[error("sections nest at most {MAX_SECTION_DEPTH} deep")]
    TooDeep,
    #[error("a section cannot stand below itself")]
    Cycle,
}

/// Works out every section's place, in tree order: parents before children, siblings by position, then name.
///
/// # Errors
/// When sections nest too deep, or some stand below themselves.
pub fn arrange(nodes: &[Node]) -> Result<Vec<Placed>, TreeError> {
    let mut children: HashMap<Option<Uuid>, Vec<&Node>> = HashMap::new();
    for node in nodes {
        children.entry(node.parent).or_default().push(node);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| (a.position, &a.name, a.id).cmp(&(b.position, &b.name, b.id)));
    }
    let mut placed = Vec::with_capacity(nodes.len());
    descend(
        None,
        &Placed {
            id: Uuid::nil(),
            depth: 0,
            path: String::new(),
            lineage: Vec::new(),
        },
        &children,
        &mut placed,
    )?;
    // Whoever was not reached from a root stands in a circle.
    if placed.len() == nodes.len() {
        Ok(placed)
    } else {
        Err(TreeError::Cycle)
    }
}

fn descend(
    parent: Option<Uuid>,
    above: &Placed,
    children: &HashMap<Option<Uuid>, Vec<&Node>>,
    placed: &mut Vec<Placed>,
) -> Result<(), TreeError> {
    for node in children.get(&parent).into_iter().flatten() {
        let depth = above.depth + 1;
        if depth > MAX_SECTION_DEPTH {
            return Err(TreeError::TooDeep);
        }
        let path = if above.path.is_empty() {
            node.slug.clone()
        } else {
            format!("{}/{}", above.path, node.slug)
        };
        let lineage = std::iter::once(node.id).chain(above.lineage.iter().copied()).collect();
        let here = Placed {
            id: node.id,
            depth,
            path,
            lineage,
        };
        placed.push(here.clone());
        descend(Some(node.id), &here, children, placed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(id: u128, parent: Option<u128>, slug: &str, position: i32) -> Node {
        let (id, parent) = (Uuid::from_u128(id), parent.map(Uuid::from_u128));
        Node {
            id,
            parent,
            slug: slug.to_owned(),
            name: slug.to_owned(),
            position,
        }
    }

    #[test]
    fn order_depth_and_path_follow_the_tree() {
        let nodes = [
            node(1, None, "world", 2),
            node(2, Some(1), "asia", 1),
            node(3, None, "sport", 1),
        ];
        let placed = arrange(&nodes).expect("a tree");
        let shown: Vec<(&str, i32)> = placed.iter().map(|place| (place.path.as_str(), place.depth)).collect();
        assert_eq!(shown, [("sport", 1), ("world", 1), ("world/asia", 2)]);
        assert_eq!(placed[2].lineage, [Uuid::from_u128(2), Uuid::from_u128(1)]);
    }

    #[test]
    fn circles_and_depths_are_refused() {
        assert_eq!(
            arrange(&[node(1, Some(2), "a", 1), node(2, Some(1), "b", 1)]),
            Err(TreeError::Cycle)
        );
        let chain: Vec<Node> = (1..=5)
            .map(|n| node(n, (n > 1).then(|| n - 1), &format!("s{n}"), 1))
            .collect();
        assert_eq!(arrange(&chain), Err(TreeError::TooDeep));
        assert!(arrange(&chain[..4]).is_ok());
    }
}
