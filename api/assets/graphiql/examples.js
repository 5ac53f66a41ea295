// What GraphiQL opens with: the sign-ins of the demo and one tab for each example.
// The ids are those of the demo data. Edit freely; nothing else depends on this file.
'use strict';

window.thidua = {
  // Offered in the bar. `label` is shown in the language of the page.
  accounts: [
    {
      label: { vi: 'Điều phối cụm 351 (Quảng Trị)', en: 'Coordinator of cluster 351 (Quảng Trị)' },
      tenant: 'quang_tri',
      username: 'quang_tri.coordinator',
      password: 'thidua-demo',
    },
    {
      label: { vi: 'Điều phối cụm liên tỉnh 2017', en: 'Coordinator of the cross-province cluster of 2017' },
      tenant: 'central',
      username: 'northern.coordinator',
      password: 'thidua-demo',
    },
    {
      label: { vi: 'Cán bộ thi đua của văn phòng (Lai Châu)', en: 'Officer of an office (Lai Châu)' },
      tenant: 'lai_chau',
      username: 'lai_chau.office',
      password: 'thidua-demo',
    },
    {
      label: { vi: 'Cơ quan thường trực (Lai Châu)', en: 'Standing agency (Lai Châu)' },
      tenant: 'lai_chau',
      username: 'lai_chau.officer',
      password: 'thidua-demo',
    },
    {
      label: { vi: 'Chủ tịch UBND tỉnh (Lai Châu)', en: 'Chair of the province (Lai Châu)' },
      tenant: 'lai_chau',
      username: 'lai_chau.chair',
      password: 'thidua-demo',
    },
    {
      label: { vi: 'Kiểm toán (Lai Châu)', en: 'Auditor (Lai Châu)' },
      tenant: 'lai_chau',
      username: 'lai_chau.auditor',
      password: 'thidua-demo',
    },
  ],

  tabs: [
    {
      query: `# Tôi là ai, làm được gì? · Who am I, what may I do?
# Chọn một tài khoản mẫu ở thanh trên rồi đăng nhập. · Choose a demo sign-in in the bar above first.
query Viewer {
  viewer {
    user { username displayName }
    tenant { code slug name }
    grants { role }
    permissions
  }
}
`,
    },
    {
      query: `# So sánh cụm 351 (đăng nhập: quang_tri.coordinator) · Compare cluster 351
query CompareCluster351($cluster: ID!, $year: Int!) {
  clusterComparison(clusterId: $cluster, year: $year) {
    state
    inputsHash
    completeness { expected reported incompleteMembers { name } }
    criteria { code name max kind }
    rows {
      rank
      previousRank
      rankChange
      total
      gapToNext
      member { name tenant { code slug } unit { id name } }
      cells { criterion self peer verified final reason }
      subtotals { criterion points }
      tieBreaks { rule decided with { name } }
      drivers { criterion places points }
    }
  }
}
`,
      variables: '{ "cluster": "Cluster_11V74CBJPSHA3BA9J2D6B0912G", "year": 2025 }\n',
    },
    {
      query: `# So sánh cụm liên tỉnh năm 2017 (đăng nhập: northern.coordinator) · Compare the cross-province cluster
query CompareAcrossProvinces($cluster: ID!, $year: Int!) {
  clusterComparison(clusterId: $cluster, year: $year) {
    state
    inputsHash
    completeness { expected reported incompleteMembers { name } }
    criteria { code name max kind }
    rows {
      rank
      previousRank
      rankChange
      total
      gapToNext
      member { name tenant { code slug successors { name } } unit { id name } }
      cells { criterion self peer verified final reason }
      subtotals { criterion points }
      tieBreaks { rule decided with { name } }
      drivers { criterion places points }
    }
  }
}
`,
      variables: '{ "cluster": "Cluster_5CZNW6SE6YGCRBJJGBJATTDF0P", "year": 2017 }\n',
    },
    {
      query: `# Cụm, khối tôi được xem · Clusters I may read
query Clusters {
  clusters(first: 20) {
    totalCount
    nodes {
      id
      code
      name
      kind
      organiser { slug }
      members { name tenant { slug } }
    }
  }
}
`,
    },
    {
      query: `# Hồ sơ đề nghị khen thưởng (đăng nhập: lai_chau.officer) · Submissions
query Inbox($states: [SubmissionState!]) {
  submissions(where: { state: { in: $states } }, first: 20) {
    totalCount
    nodes {
      id
      number
      title
      state
      version
      unit { name }
      nomineesCount
      awardTypes { name }
      allowedActions { action allowed message }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
      variables: '{ "states": ["SENT", "RECEIVED", "APPRAISED"] }\n',
    },
    {
      query: `# Cây đơn vị (đăng nhập: lai_chau.officer) · The tree of units
query Units {
  units(first: 50, orderBy: [{ name: {} }]) {
    nodes { id code name kind parent { name } validFrom }
  }
}
`,
    },
    {
      query: `# Danh mục danh hiệu, hình thức khen thưởng · Titles and forms of commendation
query AwardTypes {
  awardTypes(where: { name: { contains: "chien si thi dua" } }, first: 20) {
    nodes { id code abbreviation name nameEn level decidedBy citation }
  }
}
`,
    },
  ],
};
